/** An address of a header field; texts are as they are written there, without quotes and comments. */
export interface Address {
	name?: string;
	mailbox: string;
	/** Empty where the address has none. */
	host: string;
}

export interface Group {
	group: string;
	members: Address[];
}

/** A quoted string, the beginning of a comment, what stands in angle brackets, a separator, or plain text. */
const PIECE = /"(?:[^"\\]|\\.)*"?|\(|<(?:[^">]|"(?:[^"\\]|\\.)*")*>?|[,;:]|[^"(<,;:]+/gs;

/**
 * Mailboxes and groups (RFC 5322 §3.4). A comment behind an address is its name in the form of old:
 * `root@mail.example (Cron Daemon)`.
 */
export function parseAddresses(text: string): (Address | Group)[] {
	const found: (Address | Group)[] = [];
	let group: Group | undefined;
	let words = '';
	let comment: string | undefined;
	let angle: string | undefined;
	const end = (): void => {
		const one = address(words.trim(), angle, comment);
		if (one) (group?.members ?? found).push(one);
		words = '';
		comment = angle = undefined;
	};
	PIECE.lastIndex = 0;
	for (let piece = PIECE.exec(text)?.[0]; piece !== undefined; piece = PIECE.exec(text)?.[0]) {
		if (piece === '(') {
			const close = endOfComment(text, PIECE.lastIndex);
			if (/@\s*\S/.test(words)) comment = unescaped(text.slice(PIECE.lastIndex, close - 1));
			PIECE.lastIndex = close;
		} else if (piece === ',') end();
		else if (piece === ';') {
			end();
			group = undefined;
		} else if (
			piece === ':' &&
			group === undefined &&
			angle === undefined &&
			!words.includes('@')
		) {
			group = { group: words.trim(), members: [] };
			found.push(group);
			words = '';
		} else if (piece.startsWith('<')) angle = piece.replace(/^<|>$/g, '');
		else words += piece.startsWith('"') ? unescaped(piece.replace(/^"|"$/g, '')) : piece;
	}
	end();
	return found;
}

function address(
	words: string,
	angle: string | undefined,
	comment: string | undefined,
): Address | undefined {
	if (words === '' && angle === undefined) return undefined;
	// A route is of no use to anybody (RFC 5322 §4.4).
	const spec = (angle?.replace(/^@[^:]*:/, '') ?? words).replace(/\s*([@.])\s*/g, '$1').trim();
	const name = angle === undefined ? comment : words.replace(/\s+/g, ' ');
	const at = spec.lastIndexOf('@');
	return {
		...(name && { name }),
		mailbox: unescaped((at < 0 ? spec : spec.slice(0, at)).replace(/^"|"$/g, '')),
		host: at < 0 ? '' : spec.slice(at + 1),
	};
}

/** Where a comment ends that begins before `at`; comments may hold others. */
function endOfComment(text: string, at: number): number {
	for (let depth = 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '(') depth++;
		else if (text[at] === ')' && --depth === 0) return at + 1;
	}
	return text.length;
}

const unescaped = (text: string): string => text.replace(/\\(.)/gs, '$1');
