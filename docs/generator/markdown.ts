/** Text and tables as Markdown. */

/** Text that means itself, in a table's cell too. */
export function plain(text: string): string {
	return text
		.replace(/[\\`*_<|]/g, '\\$&')
		.replace(/\s*\n\s*/g, ' ')
		.trim();
}

export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** As GitHub makes the anchor of a heading. */
export function anchorOf(heading: string): string {
	return heading
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
		.replaceAll(' ', '-');
}
