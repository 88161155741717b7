/** The kinds of messages in the account; each function makes one. */
import { type Envelope, composed, inLegacyCharset } from './message';
import { type Random } from './random';

export type Letter = (random: Random, envelope: Envelope) => Promise<Buffer>;

const SUBJECTS = [
	'Angebot für 40 Kassetten',
	'Re: Angebot für 40 Kassetten',
	'Frage zur Prägung',
	'Photos of the restored atlas',
	'Fwd: Termin nächste Woche?',
	'Ankunft des Leders (Überprüfung nötig)',
	'Devis reliure – série « Été »',
	'Zamówienie nr 2231: łączenie arkuszy',
	'Re: your spring workshop',
	'Ερώτηση για το δέσιμο',
	'和紙のサンプルについて',
	'Quote for "The Sea" [2 copies]',
	'Re: AW: Re: Buchblock & Vorsatz 🙂',
	'Sehr langer Betreff, der über mehrere Zeilen gefaltet werden muss, weil er alle Fragen zur Sonderausgabe, zum Leinen und zur Lieferung auf einmal stellt',
	'',
];

const SENTENCES = [
	'the boards have arrived and the cloth is cut.',
	'könnten wir den Termin auf Donnerstag verschieben?',
	'das Leder ist etwas dunkler als auf dem Muster, aber schön.',
	'please find the measurements below: 21 × 29.7 cm, 14 mm spine.',
	'merci pour les échantillons, la couleur « ardoise » nous plaît.',
	'bitte 3 Stück mehr, Rechnung wie immer an die Werkstatt.',
	'I will be at the workshop from 9:30, bring the long ruler.',
	'die Prägung in Gold bleibt, das Rückenschild wird grün.',
	'szczegóły prześlę jutro, pozdrawiam.',
	'could you confirm the price until Friday? 240 € would be fine.',
];

function paragraphs(random: Random, least: number, most: number): string[] {
	return Array.from({ length: random.integer(least, most) }, () =>
		random.some(SENTENCES, random.integer(1, 3)).join(' '),
	);
}

/** A letter of a person: plain text, mostly with the same in HTML, sometimes with a quotation. */
export const personal: Letter = (random, envelope) => {
	const subject = random.pick(SUBJECTS);
	const words = paragraphs(random, 1, 5);
	const quoted = random.chance(0.4) ? paragraphs(random, 1, 3).map((one) => `> ${one}`) : [];
	const signature = ['--', envelope.from.name || envelope.from.address];
	const text = ['Hallo,', ...words, ...quoted, ...signature].join('\n\n');
	const html = `<p>Hallo,</p>${words.map((one) => `<p>${one}</p>`).join('')}<hr><p>${envelope.from.address}</p>`;
	return composed(envelope, {
		subject,
		text,
		...(random.chance(0.6) ? { html } : {}),
		...(random.chance(0.3) ? { textEncoding: 'B' as const } : {}),
		...(subject.startsWith('Re:')
			? { inReplyTo: `<${random.bytes(6).toString('hex')}@mueller-soehne.example>` }
			: {}),
	});
};

const LEGACY = [
	['iso-8859-1', 'Grüße aus Köln', 'Hallo Anna,\n\nviele Grüße aus dem verregneten Köln. Tschüß!'],
	['iso-8859-2', 'Pytanie o oprawę', 'Dzień dobry,\n\nczy książki są już gotowe? Dziękuję.'],
	['windows-1252', 'Rechnung über 1.200 €', 'Der Betrag von 1.200 € ist „sofort“ fällig – danke.'],
	['koi8-r', 'Вопрос о переплёте', 'Здравствуйте,\n\nсколько стоит кожаный переплёт?'],
	['shift_jis', '見本の件', 'お世話になっております。\n見本を送ります。'],
	['gb18030', '关于装订的问题', '您好，\n请问皮面装订需要多长时间？'],
	['windows-1253', 'Ερώτηση', 'Καλημέρα,\n\nπότε θα είναι έτοιμα τα βιβλία;'],
] as const;

/** A letter in an old charset. */
export const legacy: Letter = (random, envelope) => {
	const [charset, subject, text] = random.pick(LEGACY);
	return Promise.resolve(inLegacyCharset(envelope, charset, subject, text));
};

/** An invoice as a PDF, of 20 to 120 kB. */
export const invoice: Letter = (random, envelope) => {
	const number = random.integer(10_000, 99_999);
	return composed(envelope, {
		subject: `Rechnung Nr. ${number} (${envelope.from.name})`,
		text: `Guten Tag,\n\nanbei die Rechnung ${number}. Zahlbar innerhalb von 14 Tagen.\n`,
		attachments: [
			{
				filename: `Rechnung ${number} – Müller & Söhne.pdf`,
				contentType: 'application/pdf',
				content: Buffer.concat([
					Buffer.from('%PDF-1.4\n'),
					random.bytes(random.integer(20_000, 120_000)),
				]),
			},
		],
	});
};

// A PNG of one grey dot.
const PNG = Buffer.from(
	'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
	'base64',
);

/** Pictures: one in the text, one or two attached, with a letter as a message of its own now and then. */
export const photos: Letter = async (random, envelope) => {
	const forwarded = random.chance(0.3) ? await personal(random, envelope) : undefined;
	return composed(envelope, {
		subject: 'Bilder vom Einband',
		text: 'Die Bilder, wie besprochen.',
		html: '<p>Die Bilder, <b>wie besprochen</b>: <img src="cid:cover@mueller-soehne.example"></p>',
		attachments: [
			{ filename: 'Einband.png', content: PNG, cid: 'cover@mueller-soehne.example' },
			{ filename: 'größer.jpg', content: random.bytes(random.integer(15_000, 60_000)) },
			...(forwarded === undefined
				? []
				: [{ filename: 'letter.eml', contentType: 'message/rfc822', content: forwarded }]),
		],
	});
};

/** A newsletter: HTML above all, and the headers of bulk mail. */
export const newsletter: Letter = (random, envelope) => {
	const issue = random.integer(1, 400);
	const items = Array.from({ length: random.integer(6, 20) }, () => random.pick(SENTENCES));
	return composed(envelope, {
		subject: `${envelope.from.name}: issue ${issue} – ${random.pick(['Frühling', 'Sommer', 'Herbst', 'Winter'])}`,
		headers: {
			'List-Id': `${envelope.from.name} <list.${envelope.from.address.split('@')[1]}>`,
			'List-Unsubscribe': `<https://${envelope.from.address.split('@')[1]}/unsubscribe>`,
			Precedence: 'bulk',
		},
		text: items.join('\n'),
		html: `<table width="600">${items
			.map((one) => `<tr><td style="padding:12px"><h2>${one}</h2><p>${one.repeat(3)}</p></td></tr>`)
			.join('')}</table>`,
	});
};

/** What a machine writes: short, automatic, sometimes an invitation. */
export const automatic: Letter = (random, envelope) => {
	const headers = { 'Auto-Submitted': 'auto-generated' };
	if (!envelope.from.address.startsWith('calendar')) {
		return composed(envelope, {
			subject: random.pick([
				'Backup finished: 0 errors',
				'Ihr Paket ist unterwegs',
				'Disk 83 % full',
			]),
			headers,
			text: `Status: ${random.integer(100, 999)}\nNothing to do.\n`,
		});
	}
	const stamp = envelope.date.toISOString().replace(/[-:]|\.\d+/g, '');
	return composed(envelope, {
		subject: 'Einladung: Besprechung „Große Ausgabe“',
		headers,
		text: 'Sie sind eingeladen.',
		icalEvent: {
			method: 'REQUEST',
			filename: 'invite.ics',
			content: [
				'BEGIN:VCALENDAR',
				'VERSION:2.0',
				'PRODID:-//Calendar//EN',
				'METHOD:REQUEST',
				'BEGIN:VEVENT',
				`UID:${random.integer(1, 1_000_000)}@calendar`,
				`DTSTAMP:${stamp}`,
				`DTSTART:${stamp}`,
				'SUMMARY:Große Ausgabe',
				'END:VEVENT',
				'END:VCALENDAR',
				'',
			].join('\r\n'),
		},
	});
};

const JUNK_SUBJECTS = [
	'YOU HAVE WON 1,000,000 €!!!',
	'Ihr Konto wurde gespeʀʀt',
	'Re: Re: invoice overdue',
	'最后通知',
	'Cheap watches -90%',
	'=?utf-8?Q?Broken_=E2=82?= subject',
];

export const junk: Letter = (random, envelope) => {
	const subject = random.pick(JUNK_SUBJECTS);
	return composed(envelope, {
		// A broken encoded word goes as it is: junk is where they are found.
		...(subject.startsWith('=?')
			? { headers: { Subject: { prepared: true, value: subject } } }
			: { subject }),
		html: `<center><h1>${subject}</h1><a href="https://click.invalid/${random.integer(1, 1e9)}">CLICK</a></center>`,
	});
};
