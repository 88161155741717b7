/** What is special in Markdown. */

/** Elements that put a mark around their text. */
export const MARKS: Readonly<Record<string, string>> = {
	b: '**',
	strong: '**',
	em: '*',
	i: '*',
	del: '~~',
	s: '~~',
	strike: '~~',
};

/** Elements whose text is code within a line. */
export const CODE: ReadonlySet<string> = new Set(['code', 'kbd', 'samp', 'tt']);

/** Backticks in a row at the end of a text, and the most that there are in it. */
export class Backticks {
	longest = 0;
	private run = 0;

	add(text: string): void {
		for (let at = 0; at < text.length; at++) {
			if (text[at] !== '`') this.run = 0;
			else if (++this.run > this.longest) this.longest = this.run;
		}
	}
}

/** Code within a line: more backticks around it than there are in it, so that it can't end itself (CommonMark 6.1). */
export function codeSpan(text: string): string {
	const plain = text.replace(/[ \t\r\n\f]+/g, ' ');
	const code = plain.trim();
	if (code === '') return plain;
	const inside = new Backticks();
	inside.add(code);
	const fence = '`'.repeat(inside.longest + 1);
	const pad = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
	const before = plain.startsWith(' ') ? ' ' : '';
	const after = plain.endsWith(' ') ? ' ' : '';
	return before + fence + pad + code + pad + fence + after;
}

/** Text that must not become markup. @param atLineStart whether it begins a line */
export function escapeMarkdown(text: string, atLineStart: boolean): string {
	// A lone underscore inside of a word is no mark.
	const escaped = text
		.replace(/[\\`*[\]<|]/g, '\\$&')
		.replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
		// Struck out; in an address it stands behind a slash.
		.replace(/(?<![A-Za-z0-9/])~|~(?![A-Za-z0-9])/g, '\\~')
		// What looks like a character reference is text.
		.replace(/&(?=#|[A-Za-z0-9]{1,40};)/g, '\\&');
	if (!atLineStart) return escaped;
	return escaped
		.replace(/^(\s*)([#>+=-])(?=\s|[#>=-]|$)/, '$1\\$2')
		.replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}
