/** Lines that a program may join (RFC 3676 format=flowed). */

/**
 * @param text with line ends as `\n`
 * @param delSp whether the space that marks a line to be joined is not part of the text
 */
export function joinFlowed(text: string, delSp: boolean): string {
	const lines: string[] = [];
	let open: { depth: number; pieces: string[] } | undefined;
	const close = (): void => {
		if (!open) return;
		const quote = open.depth > 0 ? `${'>'.repeat(open.depth)} ` : '';
		lines.push((quote + open.pieces.join('')).replace(/^(>+) $/, '$1'));
		open = undefined;
	};
	for (const line of text.split('\n')) {
		const marks = /^>*/.exec(line)?.[0].length ?? 0;
		// A space that was put before what looks like a quote or `From `.
		const content = line.slice(marks).replace(/^ /, '');
		const isSignature = content === '-- ';
		if (open && (open.depth !== marks || isSignature)) close();
		open ??= { depth: marks, pieces: [] };
		const isJoined = content.endsWith(' ') && !isSignature;
		open.pieces.push(isJoined && delSp ? content.slice(0, -1) : content);
		if (!isJoined) close();
	}
	close();
	return lines.join('\n');
}
