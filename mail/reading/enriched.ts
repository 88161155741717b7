/** The text of text/enriched (RFC 1896) and of its forerunner text/richtext (RFC 1341 §7.1.3). */

const COMMAND = /<<|<(\/?)([a-z][a-z0-9-]{0,59})>/gi;

/** @param text with line ends as `\n` */
export function enrichedText(text: string, form: 'enriched' | 'richtext'): string {
	const found: string[] = [];
	/** Inside of what says something to programs, or of what keeps its lines. */
	const depth = { param: 0, nofill: 0, comment: 0 };
	let from = 0;
	const take = (end: number): void => {
		if (depth.param > 0 || depth.comment > 0) return;
		const piece = text.slice(from, end);
		found.push(depth.nofill > 0 ? piece : filled(piece, form));
	};
	for (const match of text.matchAll(COMMAND)) {
		take(match.index);
		from = match.index + match[0].length;
		const [, slash, written = ''] = match;
		const name = written.toLowerCase();
		if (name === '') found.push('<');
		else if (form === 'richtext' && name === 'nl') found.push('\n');
		else if (form === 'richtext' && name === 'lt') found.push('<');
		else if (form === 'richtext' && name === 'paragraph' && slash) found.push('\n\n');
		else if (Object.hasOwn(depth, name)) {
			const key = name as keyof typeof depth;
			depth[key] = Math.max(0, depth[key] + (slash ? -1 : 1));
		}
	}
	take(text.length);
	return found.join('');
}

/** One line end is a space; of several in a row one is left out. */
const filled = (text: string, form: 'enriched' | 'richtext'): string =>
	form === 'richtext'
		? text.replace(/\n+/g, ' ')
		: text.replace(/\n+/g, (ends) => (ends.length === 1 ? ' ' : ends.slice(1)));
