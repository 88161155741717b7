/** The header of an answer, and the message that it answers, quoted (RFC 5322 §3.6). */
import { formatAddresses } from '../address/format-addresses';

/** One person, or a list, by address. */
export interface Correspondent {
	name?: string;
	/** `local@domain` */
	address: string;
}

/** As the text of an address field: `Anna <anna@example.com>, bert@example.com`. */
export const formatCorrespondents = (people: readonly Correspondent[]): string =>
	formatAddresses(people.map(({ name = '', address }) => ({ name, address })));

/** What an answer takes from the message that it answers. */
export interface AnsweredMessage {
	subject: string;
	from: readonly Correspondent[];
	replyTo: readonly Correspondent[];
	to: readonly Correspondent[];
	cc: readonly Correspondent[];
	/** Where lists ask for answers to all (the field Mail-Followup-To, in wide use without an RFC). */
	mailFollowupTo: readonly Correspondent[];
	/** With angle brackets; undefined if it has none. */
	messageId: string | undefined;
	/** Message-IDs with angle brackets, the oldest first. */
	references: readonly string[];
	inReplyTo: readonly string[];
}

export interface Recipients {
	to: Correspondent[];
	cc: Correspondent[];
}

/** Prefixes of answers and of forwarded messages in usual languages; `[2]` counts them in some programs. */
const REPLY =
	/^\s*(?:re|aw|antw|antwort|sv|vs|odp|ynt|ref|rif|res|r|vá|válasz|atb|bls|απ|σχετ|отв|回复|回覆|答复|答覆|回信|返信|답장)\s*(?:(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})\s*)?[:：]\s*/iu;
const FORWARD =
	/^\s*(?:fwd?|wg|weitergeleitet|tr|rv|enc|i|doorst|vb|vl|pd|[iİ]lt|továbbítás|videresendt|πρθ|переслано|пересл|转发|轉寄|转寄|轉發|転送|전달)\s*(?:(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})\s*)?[:：]\s*/iu;

/** The subject of an answer: `Re: ` once, whatever prefixes the original has. */
export function replySubject(subject: string): string {
	return `Re: ${without(subject, REPLY)}`;
}

/** The subject of a forwarded message: `Fwd: ` once. */
export function forwardSubject(subject: string): string {
	return `Fwd: ${without(subject, FORWARD)}`;
}

function without(subject: string, prefix: RegExp): string {
	let rest = subject.trim();
	// Each match shortens it, so this ends.
	while (prefix.test(rest)) rest = rest.replace(prefix, '');
	return rest;
}

/**
 * Whom an answer goes to. An answer to one's own message goes where that went.
 * @param own addresses of the person who answers, left out of an answer to all
 */
export function replyRecipients(
	original: AnsweredMessage,
	{ all, own }: { all: boolean; own: readonly string[] },
): Recipients {
	const mine = new Set(own.map((address) => address.toLowerCase()));
	const isMine = ({ address }: Correspondent): boolean => mine.has(address.toLowerCase());
	const others = (people: readonly Correspondent[]): Correspondent[] =>
		people.filter((one) => !isMine(one));
	const { from, replyTo, to, cc, mailFollowupTo } = original;
	if (all && mailFollowupTo.length > 0) {
		return { to: unique(others(mailFollowupTo)), cc: [] };
	}
	const answersOwn = from.length > 0 && from.every(isMine) && others(replyTo).length === 0;
	const author = answersOwn ? to : replyTo.length > 0 ? replyTo : from;
	if (!all) return { to: unique(author), cc: [] };
	const first = unique(others(author).length > 0 ? others(author) : author);
	const taken = new Set(first.map(({ address }) => address.toLowerCase()));
	const rest = unique(others(answersOwn ? cc : [...to, ...cc]));
	return { to: first, cc: rest.filter(({ address }) => !taken.has(address.toLowerCase())) };
}

function unique(people: readonly Correspondent[]): Correspondent[] {
	const byAddress = new Map<string, Correspondent>();
	for (const one of people) {
		const key = one.address.toLowerCase();
		if (one.address !== '' && !byAddress.has(key)) byAddress.set(key, one);
	}
	return [...byAddress.values()];
}

/** Message-IDs of a conversation are cut from the middle when there are more: RFC 5537 §3.4.4 keeps the ends. */
const MAX_REFERENCES = 100;

/** In-Reply-To and References of an answer (RFC 5322 §3.6.4). @returns none if the original has no Message-ID */
export function threadFields(original: AnsweredMessage): {
	inReplyTo: string | undefined;
	references: string[];
} {
	const { messageId, references, inReplyTo } = original;
	if (messageId === undefined) return { inReplyTo: undefined, references: [] };
	const before = references.length > 0 ? references : inReplyTo.length === 1 ? inReplyTo : [];
	const all = [...new Set([...before.filter((id) => id !== messageId), messageId])];
	const kept =
		all.length <= MAX_REFERENCES ? all : [all[0] as string, ...all.slice(1 - MAX_REFERENCES)];
	return { inReplyTo: messageId, references: kept };
}

/** Text with `> ` before each line; lines that are quoted already get one more `>`. */
export function quotedText(text: string): string {
	const lines = text.replace(/\r\n?/g, '\n').split('\n');
	while (lines.length > 1 && lines.at(-1) === '') lines.pop();
	return lines
		.map((line) => (line === '' ? '>' : line.startsWith('>') ? `>${line}` : `> ${line}`))
		.join('\n');
}

/** HTML as a quotation that mail programs fold and indent (`type="cite"`). @param html that `quotableHtml` made */
export function quotedHtml(html: string): string {
	return `<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">${html}</blockquote>`;
}

/** Text as HTML that looks the same. */
export function textAsHtml(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/\r\n?|\n/g, '<br>\n');
}
