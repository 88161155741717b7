/** What is special in Markdown. */

/** Elements that put a mark around their text. */
export const MARKS: Readonly<Record<string, string>> = {
	b: '**',
	strong: '**',
	em: '*',
	i: '*',
	code: '`',
	kbd: '`',
	samp: '`',
	tt: '`',
	del: '~~',
	s: '~~',
	strike: '~~',
};

/** Text that must not become markup. @param atLineStart whether it begins a line */
export function escapeMarkdown(text: string, atLineStart: boolean): string {
	// A lone underscore inside of a word is no mark.
	const escaped = text
		.replace(/[\\`*[\]<|]/g, '\\$&')
		.replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_');
	if (!atLineStart) return escaped;
	return escaped
		.replace(/^(\s*)([#>+-])(?=\s|[#>-]|$)/, '$1\\$2')
		.replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}
