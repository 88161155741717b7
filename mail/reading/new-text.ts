/**
 * The text that a message adds to its conversation: without the quoted history and without the signature.
 * Works on lines and never backtracks, so it is linear.
 */

/** Bytes of a line in which an attribution is looked for. */
const LONGEST_LINE = 400;

/** Some leave out the colon behind an address. */
const COLON_OR_ADDRESS = /[:：]$|@/;
const DATE_OR_ADDRESS = /\p{Nd}|@|[<>]/u;
const DATE = /\p{Nd}{4}|\p{Nd}{1,2}[:.]\p{Nd}\p{Nd}/u;

/** "On …, Anna wrote:" in usual languages: how the line begins, and how it ends. */
const ATTRIBUTION_START =
	/^(?:>?\s*)(?:on|am|le|el|il|em|en|no dia|op|den|dne|w dniu|dnia|v|på|kl|a|tarihinde|ngày|vào|pada|στις|în|la data|на|ในวันที่|在|\d{1,4}[-./年년]|\d{1,2}\.? |в |от |пн|вт|ср|чт|пт|сб|вс|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|from|von|\p{L}{2,5}[.,]{0,2} \d|.{2,60} (?:wrote on|schrieb am) \d|.{2,60} kirjoitti |[^\d<>]{2,60} <)/iu;
const ATTRIBUTION_END =
	/(?:wrote(?: on [\d./: ,-]{6,30}(?:[ap]m)?)?|writes|schrieb(?: [^:]{0,120}| am [\d./: ,-]{6,30})?|geschrieben|geschreven|schreef(?: [^:]{0,120})?|a écrit|escribió|escribió el mensaje|ha scritto|scrisse|escreveu|ha escrit|skrev(?: [^:]{0,120})?|kirjoitti(?: [^:]{0,60}\d[^:]{0,9})?|napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|napisał(?:\(a\)|a)?|napisao je|napisal(?:\/a|a)?|pisze|пишет|написал(?:\(а\)|а)?|написав|пише|написа|yazdı|a scris|írta|έγραψε|đã viết|menulis|เขียนว่า|のメール|さんは書きました|写道|寫道|님이 작성)\s*(?:\([^()]{0,80}\)\s*)?[:：]?\s*$/iu;

/** Lines behind which there is nothing new. */
const DIVIDER =
	/^\s*\\?(?:(?:-{2,}|_{2,}|\*{2,})\s*)?(?:original message|forwarded message|reply message|ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|message d'origine|message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|mensagem encaminhada|oorspronkelijk bericht|doorgestuurd bericht|originalmeddelande|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|původní zpráva|původní e-mail|wiadomość oryginalna|oryginalna wiadomość|исходное сообщение|пересылаемое сообщение|原始邮件|原始郵件|转发的邮件|元のメッセージ|원본 메시지|원본 이메일|orijinal mesaj)\s*(?:-{2,}|_{2,}|\*{2,})\s*$/i;

/** What help desks write above the history, and at the beginning of what they send. */
const REPLY_ABOVE =
	/^[\s#*=_-]*(?:please |bitte )?(?:type|write|enter)?\s?(?:your )?(?:reply|respond|response|answer|antwort(?:en)?)\b.{0,30}\b(?:above|über|oberhalb)\b.{0,20}\b(?:line|zeile|linie)[\s#*=_.-]*$/i;

/** What Apple Mail writes above a forwarded message. */
const FORWARDED =
	/^\s*(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato|início da mensagem reencaminhada|begin doorgestuurd bericht)\s*:\s*$/iu;

const FROM_LINE =
	/^\s*(?:>\s*)?\**(?:from|von|de|da|van|från|fra|lähettäjä|od|от|від|kimden|gönderen|从|发件人|寄件者|寄件人|差出人|보낸 사람|feladó|από|de la|šalje|pošiljatelj|מאת|من|จาก|từ|dari|saatja)\**\s*[:：]\**\s*\S/iu;
const SENT_LINE =
	/^\s*(?:>\s*)?\**(?:sent|date|gesendet|datum|envoyé(?: le)?|enviado(?: el)?|fecha|data|inviato|verzonden|skickat|sendt|dato|lähetetty|päivämäärä|odesláno|odoslané|wysłano|отправлено|дата|надіслано|изпратено|gönderilen|gönderildi|tarih|发送时间|日期|寄件日期|送信日時|보낸 날짜|küldve|elküldve|dátum|trimis|poslano|στάλθηκε|ημερομηνία|נשלח|תאריך|تاريخ الإرسال|تم الإرسال|التاريخ|ส่ง|วันที่|đã gửi|ngày|terkirim|dikirim|tanggal|saadetud|to|an|à|para|a|aan|till|til|do|komu|кому|до|kime|收件人|收件者|宛先|받는 사람|vastaanottaja|címzett|către|prima|za|προς|אל|إلى|ถึง|đến|tới|kepada|subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|předmět|predmet|zadeva|temat|тема|относно|konu|主题|主旨|件名|제목|tárgy|subiect|θέμα|נושא|الموضوع|หัวข้อ|เรื่อง|chủ đề|perihal|subjek|teema)\**\s*[:：]/iu;

/** RFC 3676 §4.3, and what phones and programs append. */
const SIGNATURE = /^(?:--|—|–)\s*$|^-- $/;
const SENT_FROM =
	/^\s*(?:sent from (?:my )?|sent (?:with|via) (?:the )?(?:proton ?mail|superhuman|mailspring|spark|canary mail|tutanota|tuta|aol|yahoo)\b|outlook (?:für|voor|til|för) (?:ios|android)|(?:obtenir|obtener|ottieni|scarica|obter o|download) outlook (?:pour|para|per|voor) |get \[?outlook for|gesendet von|von meinem .{1,40} gesendet|envoyé de(?:puis)? |enviado desde|enviado do meu|inviato da|(?:verzonden|verstuurd) vanaf|skickat från|sendt fra|lähetetty |wysłane z|odesláno z|отправлено (?:с|из)|发自我的|從我的 ?.{1,20}傳送$|(?:iphone|ipad)から送信|나의 .{1,20}에서 보냄|(?:iphone|ipad)['’][uıi]mdan gönderildi|diese nachricht wurde von mein)/i;

/** @param text plain, or made of HTML; line ends as `\n` */
export function newText(text: string): string {
	const lines = text.split('\n');
	const end = historyStart(lines);
	const own = withoutQuotes(lines.slice(0, end));
	const kept = withoutSignature(own)
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
	// A message that is nothing but a quotation: better that than nothing.
	return kept === '' ? text.trim() : kept;
}

/** Attributions behind which an answer is looked for: each look can go to the end. */
const MOST_LOOKS = 20;

/** The line from which on everything is older; the number of lines if there is none. */
function historyStart(lines: readonly string[]): number {
	let looks = 0;
	for (let at = 0; at < lines.length; at++) {
		const line = short(lines[at]);
		if (isBlank(line)) continue;
		if (DIVIDER.test(line) || FORWARDED.test(line) || REPLY_ABOVE.test(line)) return at;
		if (isHeaderBlock(lines, at)) return isRule(lines, at) ?? at;
		// Replies below the quotation: what follows the quoted lines is new.
		const end = attributionEnd(lines, at);
		if (end > 0 && (looks++ >= MOST_LOOKS || !hasAnswerBelow(lines, end))) return at;
	}
	return lines.length;
}

const short = (line: string | undefined): string => (line ?? '').slice(0, LONGEST_LINE);

const isBlank = (line: string | undefined): boolean => short(line).trim() === '';

/** @returns the line behind an attribution that begins here, which may be broken into three; else 0 */
function attributionEnd(lines: readonly string[], at: number): number {
	const pieces: string[] = [];
	for (let end = at + 1; end <= at + 3 && end <= lines.length; end++) {
		const line = short(lines[end - 1]).trim();
		if (line === '') return 0;
		pieces.push(line);
		const [first = '', ...others] = pieces;
		const isBroken = others.length > 0;
		const isOne = (written: readonly string[]): boolean => {
			const text = withoutMarks(written.join(' '));
			return (
				isUsualAttribution(text) || (isOtherAttribution(text) && isQuoted(nextText(lines, end)))
			);
		};
		if (isBroken && /[.!?]$/.test(first) && isOne(others)) return 0;
		if (isOne(pieces)) return end;
		// A sentence above it is not its first line.
		if (!isBroken && !mayGoOn(first)) return 0;
	}
	return 0;
}

const withoutMarks = (text: string): string =>
	text.replace(/[*_>\s\p{Cf}]+$/u, '').replace(/\[[^\]]{0,300}\]/g, '');

/** Programs break a line that is long; else its first half has a date or an address. */
const mayGoOn = (line: string): boolean => line.length >= 50 || /\p{Nd}|@/u.test(line);

const isUsualAttribution = (text: string): boolean =>
	ATTRIBUTION_START.test(text) &&
	ATTRIBUTION_END.test(text) &&
	COLON_OR_ADDRESS.test(text) &&
	DATE_OR_ADDRESS.test(text);

/** In any language: a paragraph with a date and an address that ends in a colon, if a quotation follows it. */
const isOtherAttribution = (text: string): boolean =>
	/[:：]$/.test(text) && text.includes('@') && DATE.test(text);

/** The first line from here on that is not blank. */
function nextText(lines: readonly string[], from: number): string | undefined {
	let at = from;
	while (at < lines.length && isBlank(lines[at])) at++;
	return lines[at];
}

/** Whether text that isn't quoted follows quoted lines: an answer below, or in between. */
function hasAnswerBelow(lines: readonly string[], from: number): boolean {
	let at = from;
	while (at < lines.length && isBlank(lines[at])) at++;
	if (!isQuoted(lines[at])) return false;
	for (; at < lines.length; at++) {
		if (isSignatureLine(lines[at])) break;
		if (!isQuoted(lines[at]) && !isBlank(lines[at])) return true;
	}
	return false;
}

/** Outlook's copy of a header: From, then at least two more of its fields; GMX puts the date before it. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
	const isDateFirst = SENT_LINE.test(short(lines[at])) && FROM_LINE.test(short(lines[at + 1]));
	if (!isDateFirst && !FROM_LINE.test(short(lines[at]))) return false;
	let fields = 0;
	for (let next = isDateFirst ? at : at + 1; next <= at + 6 && next < lines.length; next++) {
		const line = short(lines[next]);
		if (line.trim() === '' && fields === 0 && next === at + 1) continue;
		if (SENT_LINE.test(line)) fields++;
	}
	return fields >= 2;
}

/** The rule that Outlook puts above such a block. */
function isRule(lines: readonly string[], at: number): number | undefined {
	let before = at - 1;
	while (before >= 0 && isBlank(lines[before])) before--;
	return before >= 0 && /^\s*[-_*]{3,}\s*$/.test(short(lines[before])) ? before : undefined;
}

/** A row of a table ends in the mark with which some programs begin a quoted line. */
const isQuoted = (line: string | undefined): boolean =>
	/^\s*(?:>|\|\s(?!.*\|\s*$))/.test(short(line));

/** Without quoted lines, and the attributions before them. */
function withoutQuotes(lines: readonly string[]): string[] {
	const kept: string[] = [];
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] as string;
		if (isQuoted(line)) continue;
		const end = attributionEnd(lines, at);
		if (end > 0) {
			if (isQuoted(nextText(lines, end))) {
				at = end - 1;
				continue;
			}
		}
		kept.push(line);
	}
	return kept;
}

const isSignatureLine = (line: string | undefined): boolean => SIGNATURE.test(short(line));

function withoutSignature(lines: readonly string[]): readonly string[] {
	const mark = lines.findIndex((line, at) => at > 0 && isSignatureLine(line));
	const own = mark < 0 ? lines : lines.slice(0, mark);
	let end = own.length;
	while (end > 0 && isBlank(own[end - 1])) end--;
	// What phones append is the last paragraph.
	for (let at = Math.max(1, end - 3); at < end; at++) {
		if (SENT_FROM.test(short(own[at]))) return own.slice(0, at);
	}
	return own.slice(0, end);
}
