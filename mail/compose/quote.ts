/** The message that is answered or forwarded, as it stands below one's own words. */
import { quotableHtml } from './quotable-html';
import { formatCorrespondents, quotedHtml, quotedText, textAsHtml } from './reply';
import type { Answered } from './answered-message';

/** Text, and HTML if there is any; empty texts for a message that has none. */
export interface Bodies {
	text: string;
	html: string;
}

/** Characters of a text or HTML that are quoted; what people write has less. */
const LONGEST_QUOTE = 1024 * 1024;

/**
 * @param own what the person writes; if it has no HTML but the original has, that is made of its text
 * @param when the date of the original, as a person reads it; empty if it is not known
 */
export async function answerBodies(
	own: Bodies,
	original: Answered,
	quoted: Bodies,
	when: string,
): Promise<Bodies> {
	const author = formatCorrespondents(original.from) || 'Someone';
	const introduction = when === '' ? `${author} wrote:` : `On ${when}, ${author} wrote:`;
	return below(own, quoted, {
		text: (text) => `${introduction}\n${quotedText(text)}`,
		html: (html) => `<div>${textAsHtml(introduction)}</div>\n${quotedHtml(html)}`,
	});
}

/** As {@link answerBodies}, for a message that is passed on: its main header fields, and its body as it is. */
export async function forwardBodies(
	own: Bodies,
	original: Answered,
	forwarded: Bodies,
	when: string,
): Promise<Bodies> {
	const fields = [
		['From', formatCorrespondents(original.from)],
		['Date', when],
		['Subject', original.subject],
		['To', formatCorrespondents(original.to)],
		['Cc', formatCorrespondents(original.cc)],
	].filter(([, value]) => value !== '');
	const head = [
		'---------- Forwarded message ----------',
		...fields.map(([name, value]) => `${name}: ${value}`),
	].join('\n');
	return below(own, forwarded, {
		text: (text) => `${head}\n\n${text}`,
		html: (html) => `<div>${textAsHtml(head)}</div>\n<br>\n<div>${html}</div>`,
	});
}

async function below(
	own: Bodies,
	original: Bodies,
	write: { text(text: string): string; html(html: string): string },
): Promise<Bodies> {
	const text = shortened(original.text);
	const answer = own.text === '' ? '' : `${own.text.replace(/\r\n?/g, '\n').trimEnd()}\n\n`;
	const plain = `${answer}${write.text(text)}\n`;
	if (own.html === '' && original.html === '') return { text: plain, html: '' };
	const isTooLong = original.html.length > LONGEST_QUOTE;
	const html =
		original.html === '' || isTooLong ? textAsHtml(text) : await quotableHtml(original.html);
	const mine =
		own.html !== '' ? own.html : own.text === '' ? '' : `<div>${textAsHtml(own.text)}</div>`;
	return { text: plain, html: `${mine === '' ? '' : `${mine}\n<br>\n`}${write.html(html)}` };
}

function shortened(text: string): string {
	return text.length <= LONGEST_QUOTE
		? text
		: `${text.slice(0, LONGEST_QUOTE).toWellFormed()}\n[…]`;
}
