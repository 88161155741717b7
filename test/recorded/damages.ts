/** One odd thing at a time: every way in which one token of a response can be damaged. */

export interface Token {
	kind: 'word' | 'quoted' | 'literal' | 'open' | 'close';
	start: number;
	end: number;
	/** The item of FETCH that the token belongs to, in upper case; empty in front of the items. */
	item: string;
}

export interface Damage {
	name: string;
	token: Token;
	/** The response, damaged, one character a byte, without its last CRLF. */
	text: string;
	/** Whether it is no longer certain where the response ends. */
	losesFraming: boolean;
}

/** @param text one response without its last CRLF, one character a byte */
function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	let depth = 0;
	let item = '';
	for (let at = 0; at < text.length;) {
		const start = at;
		const byte = text[at] as string;
		let kind: Token['kind'] = 'word';
		if (byte === ' ') {
			at++;
			continue;
		}
		if (byte === '(' || byte === ')') {
			kind = byte === '(' ? 'open' : 'close';
			depth += byte === '(' ? 1 : -1;
			at++;
		} else if (byte === '"') {
			kind = 'quoted';
			for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
			at++;
		} else if (byte === '{') {
			kind = 'literal';
			const [head = '', size = ''] = /^\{(\d+)\}\r\n/.exec(text.slice(at)) ?? [];
			at += head.length + Number(size);
		} else at += /^[^ ()"]+/.exec(text.slice(at))?.[0].length ?? 1;
		if (depth === 1 && kind === 'word' && ITEM.test(text.slice(start, at)))
			item = text.slice(start, at);
		tokens.push({ kind, start, end: at, item });
	}
	return tokens;
}

const ITEM = /^(?:UID|FLAGS|INTERNALDATE|RFC822\.SIZE|ENVELOPE|BODYSTRUCTURE|BODY\[\])$/;

/** A response that belongs to nothing that was asked for. */
export const FOREIGN = '* OK Still here';

/** All damages of one response. */
export function* damagesOf(text: string): Generator<Damage> {
	for (const token of tokensOf(text)) {
		const before = text.slice(0, token.start);
		const after = text.slice(token.end);
		const own = text.slice(token.start, token.end);
		for (const [name, instead, losesFraming = false] of instances(token, own))
			yield { name, token, text: `${before}${instead}${after}`, losesFraming };
	}
}

function* instances(
	{ kind }: Token,
	own: string,
): Generator<readonly [name: string, instead: string, losesFraming?: boolean]> {
	yield ['dropped', ''];
	yield ['doubled', `${own} ${own}`];
	yield ['NIL', 'NIL'];
	yield ['negative', '-1'];
	yield ['a number in front', `2 ${own}`];
	yield ['a number behind', `${own} 4`];
	yield ['( in front', `(${own}`];
	yield [') in front', `)${own}`];
	yield ['( behind', `${own}(`];
	yield [') behind', `${own})`];
	yield ['a quote in front', `"${own}`];
	yield ['a quote behind', `${own}"`];
	yield ['control bytes in front', `\0\x01\x7f${own}`];
	yield ['a line end in front', `\r\n${own}`];
	yield ['a blank line in front', `\r\n\r\n${own}`];
	yield ['a foreign line in front', `\r\n${FOREIGN}\r\n${own}`];
	if (kind === 'word' || kind === 'quoted') yield ['control bytes inside', insideOf(own, '\0\x01')];
	if (kind === 'word') yield ['quoted', `"${own}"`];
	if (kind === 'quoted') yield ['unquoted', own.slice(1, -1)];
	if (kind !== 'literal') return;
	const [head = '', size = ''] = /^\{(\d+)\}\r\n/.exec(own) ?? [];
	const content = own.slice(head.length);
	const sized = (text: string): string => `{${text}}\r\n${content}`;
	yield ['unquoted', content, true];
	yield ['a size too large', sized(`${Number(size) + 3}`), true];
	yield ['a size too small', sized(`${Number(size) - 3}`), true];
	yield ['a negative size', sized('-1'), true];
	yield ['no size', sized(''), true];
	yield ['NIL for a size', sized('NIL'), true];
	yield ['a size in quotes', sized(`"${size}"`), true];
}

function insideOf(own: string, what: string): string {
	const middle = own.length >> 1;
	return own.slice(0, middle) + what + own.slice(middle);
}

/** The responses of a transcript, each without its last CRLF, one character a byte. */
export function responsesOf(transcript: string): string[] {
	const responses: string[] = [];
	let start = 0;
	for (let at = 0; at < transcript.length;) {
		const end = transcript.indexOf('\r\n', at);
		if (end < 0) break;
		at = end + 2;
		const size = /\{(\d+)\}$/.exec(transcript.slice(Math.max(start, end - 20), end))?.[1];
		if (size !== undefined) at += Number(size);
		else {
			responses.push(transcript.slice(start, end));
			start = at;
		}
	}
	return responses;
}
