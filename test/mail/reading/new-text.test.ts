/** What a message adds to its conversation, in the forms and languages of the programs that people use. */
import { describe, expect, test } from 'vitest';
import { newText } from '../../../mail/reading/new-text';

const ATTRIBUTIONS: ReadonlyArray<[program: string, line: string]> = [
	['Gmail in Japanese', '2023年5月10日(水) 10:00 山田 太郎 <taro@example.jp>:'],
	['Gmail in Korean', '2023년 5월 10일 (수) 오전 10:00, 홍길동 <hong@example.kr>님이 작성:'],
	['Gmail in Chinese', '张三 <zhang@example.cn> 于2023年5月10日周三 10:00写道：'],
	['Gmail in Taiwan', '王小明 <wang@example.tw> 於 2023年5月10日 週三 上午10:00寫道：'],
	['Gmail in Finnish', 'ke 10. toukok. 2023 klo 10.00 Matti M (matti@example.fi) kirjoitti:'],
	['Gmail in Norwegian', 'ons. 10. mai 2023 kl. 10:00 skrev Ola N <ola@example.no>:'],
	['Gmail in Polish', 'śr., 10 maj 2023 o 10:00 Jan K <jan@example.pl> napisał(a):'],
	['Gmail in Czech', 'st 10. 5. 2023 v 10:00 odesílatel Jan N <jan@example.cz> napsal:'],
	[
		'Gmail in Hungarian',
		'Kis Anna <anna@example.hu> ezt írta (időpont: 2023. máj. 10., Sze, 10:00):',
	],
	['Gmail in Portuguese', 'Ana S <ana@example.pt> escreveu (quarta, 10/05/2023 à(s) 10:00):'],
	['Gmail in Russian', 'ср, 10 мая 2023 г. в 10:00, Иван Иванов <ivan@example.ru>:'],
	['Gmail in Ukrainian', 'ср, 10 трав. 2023 р. о 10:00 Іван <ivan@example.ua> пише:'],
	['Gmail in Romanian', 'În mie., 10 mai 2023 la 10:00, Ana <ana@example.ro> a scris:'],
	['Gmail in Thai', 'ในวันที่ พ. 10 พ.ค. 2023 เวลา 10:00 A <a@example.th> เขียนว่า:'],
	[
		'Gmail in Catalan',
		'Missatge de Anna <anna@example.cat> del dia dc., 10 de maig 2023 a les 10:00:',
	],
	[
		'Gmail in Hebrew, with marks of direction',
		'\u202bבתאריך יום ד׳, 10 במאי 2023 ב-10:00 מאת \u202aAnna\u202c\u200f <\u202aanna@example.il\u202c\u200f>:\u202c',
	],
	['Gmail, in two lines', 'ср, 10 мая 2023 г. в 10:00, Иван Иванович Иванов <\nivan@example.ru>:'],
	['Apple Mail in Japanese', '2023/05/10 10:00、Taro <taro@example.jp>のメール:'],
	['Gmail in French', 'Le mer. 10 mai 2023 à 10:00, Anne <anne@example.fr> a écrit\u00a0:'],
];

/** Above history that is not quoted. */
const UNQUOTED: ReadonlyArray<[program: string, line: string]> = [
	[
		'Yahoo in German',
		'Am Mittwoch, 10. Mai 2023 um 10:00:00 MESZ hat Anna <anna@example.de> Folgendes geschrieben:',
	],
	[
		'Yahoo in Spanish',
		'En miércoles, 10 de mayo de 2023, 10:00:00 CEST, Ana <ana@example.es> escribió:',
	],
	[
		'Apple Mail in Dutch',
		'Op 10 mei 2023, om 10:00 heeft Anna <anna@example.nl> het volgende geschreven:',
	],
	[
		'Apple Mail in Portuguese',
		'No dia 10 de mai. de 2023, às 10:00, Ana <ana@example.pt> escreveu:',
	],
	['Thunderbird in Polish', 'W dniu 10.05.2023 o 10:00, Anna K pisze:'],
	['Thunderbird in Finnish', 'Anna K kirjoitti 10.5.2023 klo 10.00:'],
	['Thunderbird in Chinese', '在 2023/5/10 10:00, Anna 写道:'],
	['Thunderbird in Slovenian', '10. 05. 23 10:00 je Anna napisal/a:'],
	['Gmail in Polish', 'śr., 10 maj 2023 o 10:00 Jan K <jan@example.pl> napisał(a):'],
	['Apple Mail, forwarded', 'Begin forwarded message:'],
];

test.each(UNQUOTED)('what follows is older: %s', (_program, line) => {
	expect(newText(`New words.\n\n${line}\n\nold\nolder`)).toBe('New words.');
});

describe('the line above a quotation belongs to it', () => {
	test.each(ATTRIBUTIONS)('%s', (_program, line) => {
		expect(newText(`New words.\n\n${line}\n\n> old\n> older\n`)).toBe('New words.');
		expect(newText(`${line}\n> old\n> older\n\nNew words.`)).toBe('New words.');
	});

	test('but not a sentence that names neither an address nor a time', () => {
		const text = 'You asked in your second question:';
		expect(newText(`${text}\n> When?\nTomorrow.`)).toBe(`${text}\nTomorrow.`);
	});

	test('and not one that nothing quoted follows', () => {
		const text =
			'Please write to anna@example.com by 10:00, and name these:\n\nThe order\nThe date';
		expect(newText(text)).toBe(text);
	});
});

const BLOCKS: ReadonlyArray<[language: string, fields: string[]]> = [
	[
		'Chinese, with wide colons',
		['发件人：张三', '发送时间：2023年5月10日', '收件人：李四', '主题：报告'],
	],
	['Taiwan', ['寄件者: 王', '寄件日期: 2023年5月10日', '收件者: 李', '主旨: 報告']],
	['Hungarian', ['Feladó: Anna', 'Küldve: szerda', 'Címzett: Bert', 'Tárgy: Jelentés']],
	['Romanian', ['De la: Anna', 'Trimis: miercuri', 'Către: Bert', 'Subiect: Raport']],
	['Greek', ['Από: Anna', 'Στάλθηκε: Τετάρτη', 'Προς: Bert', 'Θέμα: Αναφορά']],
	['Hebrew', ['מאת: Anna', 'נשלח: יום רביעי', 'אל: Bert', 'נושא: דוח']],
	['Arabic', ['من: Anna', 'تاريخ الإرسال: الأربعاء', 'إلى: Bert', 'الموضوع: تقرير']],
	['Bulgarian', ['От: Anna', 'Изпратено: сряда', 'До: Bert', 'Относно: Доклад']],
	['Croatian', ['Šalje: Anna', 'Poslano: srijeda', 'Prima: Bert', 'Predmet: Izvještaj']],
	['Thai', ['จาก: Anna', 'ส่ง: วันพุธ', 'ถึง: Bert', 'เรื่อง: รายงาน']],
	['Vietnamese', ['Từ: Anna', 'Đã gửi: Thứ tư', 'Đến: Bert', 'Chủ đề: Báo cáo']],
	[
		'German, in bold',
		['**Von:** Anna', '**Gesendet:** Mittwoch', '**An:** Bert', '**Betreff:** x'],
	],
];

test.each(BLOCKS)("Outlook's copy of a header begins what is older: %s", (_language, fields) => {
	expect(newText(`New words.\n\n${fields.join('\n')}\n\nold`)).toBe('New words.');
});

test.each(['Also see below.', 'See you at 10:00.', 'Thanks, Anna', 'a'])(
	'%j right above it is new',
	(own) => {
		for (const [, line] of ATTRIBUTIONS) {
			if (!line.includes('\n')) expect(newText(`${own}\n${line}\n> old`)).toBe(own);
		}
	},
);

test.each([
	['a divider', '\\-------- Ursprüngliche Nachricht --------\nVon: Anna'],
	["a phone's signature", 'Get [Outlook for iOS](https://example.com/o)'],
])('%s in Markdown', (_what, older) => {
	expect(newText(`New words.\n\n${older}`)).toBe('New words.');
});

test('a sentence about something written is not the line above a quotation', () => {
	const text = 'Am 3. Mai habe ich dir geschrieben\nund keine Antwort bekommen.';
	expect(newText(text)).toBe(text);
});

test('two lines that look like fields do not begin what is older', () => {
	const text = 'The train:\nFrom: Berlin\nTo: Rome\n\nSee you there';
	expect(newText(text)).toBe(text);
});

test('a table in Markdown is not a quotation', () => {
	const table = '| Item | Price |\n| --- | --- |\n| Tea | 3 |';
	expect(newText(`The prices:\n\n${table}\n\n| quoted in the way of some programs`)).toBe(
		`The prices:\n\n${table}`,
	);
});

test.each([
	['Lotus Notes', 'Anna/ACME wrote on 05.01.2026 10:00:00:\n\n> old'],
	['Lotus Notes in German', 'Anna/ACME schrieb am 05.01.2026 10:00:00:\n\n> alt'],
	['a help desk', '##- Please type your reply above this line -##\n\nThe ticket'],
	['a help desk in German', '-- Bitte Antwort oberhalb dieser Zeile --\n\nDas Ticket'],
	[
		'Proton Mail',
		'Sent with Proton Mail secure email.\n\nOn Mon, 5 Jan 2026 at 10:00, A <a@b.c> wrote:\n> old',
	],
	['Superhuman', 'Sent via Superhuman ( https://x.example )'],
	['Outlook in German', 'Outlook für iOS<https://x.example> beziehen'],
	['an iPhone in Dutch', 'Verstuurd vanaf mijn iPhone'],
	['an iPhone in Turkish', 'iPhone’umdan gönderildi'],
	['an iPad in Japanese', 'iPadから送信'],
	['an iPhone in Korean', '나의 iPhone에서 보냄'],
	['an iPhone in traditional Chinese', '從我的 iPhone 傳送'],
])('what %s adds is not new', (_program, added) => {
	expect(newText(`New\n\n${added}`)).toBe('New');
});

test.each(['Sent with love\nAnna', 'Please reply to what I wrote above\nthe line'])(
	'what looks nearly like it is new: %j',
	(text) => {
		expect(newText(`New\n\n${text}`)).toBe(`New\n\n${text}`);
	},
);
