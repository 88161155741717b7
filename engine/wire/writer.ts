import { Imap4Error } from '../errors';

/**
 * Arguments of commands as typed values, and the one encoder that writes them (RFC 9051 §4, §9).
 * Nothing a caller gives is ever trusted to be quoted already.
 */

/** Octets of a known number that come as they are asked for. */
export interface LiteralStream {
	octets: AsyncIterable<Uint8Array>;
	size: number;
}

export type Part =
	/** Text of our own making: command names, numbers, sets, keywords. Never from a caller. */
	| { kind: 'raw'; text: string }
	/** Text from a caller: atom, quoted string or literal, the first that can carry it. */
	| { kind: 'astring'; value: string; secret?: boolean }
	/** The same, never as an atom. */
	| { kind: 'string'; value: string; secret?: boolean }
	| { kind: 'mailbox'; name: string }
	/** A pattern for LIST: a mailbox name in which `%` and `*` are wildcards. */
	| { kind: 'pattern'; name: string }
	/** A SASL initial response (RFC 4959), always secret. */
	| { kind: 'base64'; octets: Buffer }
	/** Always a literal, or a literal8 (`~{n}`, RFC 9051 §4.3) that may hold NUL. */
	| { kind: 'literal'; octets: Buffer | LiteralStream; binary?: boolean }
	| { kind: 'list'; parts: readonly Part[] }
	/** Parts without spaces between them. */
	| { kind: 'run'; parts: readonly Part[] };

export const raw = (text: string): Part => ({ kind: 'raw', text });
export const astring = (value: string): Part => ({ kind: 'astring', value });
export const string = (value: string): Part => ({ kind: 'string', value });
export const secret = (value: string): Part => ({ kind: 'string', value, secret: true });
export const mailbox = (name: string): Part => ({ kind: 'mailbox', name });
export const pattern = (name: string): Part => ({ kind: 'pattern', name });
export const list = (parts: readonly Part[]): Part => ({ kind: 'list', parts });
export const literal = (octets: Buffer | LiteralStream, binary = false): Part => ({
	kind: 'literal',
	octets,
	binary,
});

/** What of the session decides how an argument is written. */
export interface WriteContext {
	/** Quoted strings may hold UTF-8: UTF8=ACCEPT or IMAP4rev2 is enabled. */
	utf8: boolean;
	/** Largest literal that may be sent without waiting for `+` (LITERAL+, LITERAL-); 0 for none. */
	nonSynchronizing: number;
	/** A mailbox name as it goes over the wire. @throws Imap4Error ARGUMENT */
	encodeMailbox(name: string): string;
}

/** A stretch of a command: text, and the literal that follows it. */
export interface Segment {
	text: string;
	/** The text with secrets blotted out, where it differs. */
	shown?: string;
	literal?: Buffer | LiteralStream;
	/** The literal may only be sent once the server has said `+` (RFC 9051 §4.3). */
	wait: boolean;
}

/** Quoted strings longer than this become literals; servers limit the length of a line. */
const LONGEST_QUOTED = 2000;
const BLOT = '"***"';

/**
 * Writes a command without its tag.
 * @throws Imap4Error ARGUMENT if a value cannot be sent
 */
export function encode(name: string, args: readonly Part[], context: WriteContext): Segment[] {
	const encoder = new Encoder(context);
	encoder.add(name);
	for (const part of args) {
		encoder.add(' ');
		encoder.part(part);
	}
	return encoder.finish();
}

class Encoder {
	private readonly segments: Segment[] = [];
	private text = '';
	private shown: string | undefined;

	constructor(private readonly context: WriteContext) {}

	add(text: string, shown?: string): void {
		if (shown !== undefined) this.shown = (this.shown ?? this.text) + shown;
		else if (this.shown !== undefined) this.shown += text;
		this.text += text;
	}

	part(part: Part): void {
		switch (part.kind) {
			case 'raw':
				this.add(part.text);
				return;
			case 'mailbox':
				this.chars(this.context.encodeMailbox(part.name), true, false);
				return;
			case 'pattern':
				this.pattern(part.name);
				return;
			case 'astring':
			case 'string':
				this.chars(part.value, part.kind === 'astring', part.secret === true);
				return;
			case 'base64':
				// An empty response is written "=" (RFC 4959 §3).
				this.add(part.octets.toString('base64') || '=', BLOT);
				return;
			case 'literal':
				this.literal(part.octets, part.binary === true);
				return;
			case 'run':
				for (const item of part.parts) this.part(item);
				return;
			case 'list':
				this.add('(');
				part.parts.forEach((item, index) => {
					if (index > 0) this.add(' ');
					this.part(item);
				});
				this.add(')');
		}
	}

	finish(): Segment[] {
		this.segments.push({ text: `${this.text}\r\n`, wait: false, ...this.shownText() });
		return this.segments;
	}

	private shownText(): { shown?: string } {
		return this.shown === undefined ? {} : { shown: this.shown };
	}

	private pattern(name: string): void {
		const wire = name === '' ? '' : this.context.encodeMailbox(name);
		// The wildcards may stand unquoted (RFC 9051 §9, list-char); WildDuck and hoodiecrow refuse that.
		if (/^[A-Za-z0-9._/&+,#-]+$/.test(wire)) this.add(wire);
		else this.chars(wire, false, false);
	}

	private chars(value: string, atomAllowed: boolean, hide: boolean): void {
		if (value.includes('\0')) {
			throw new Imap4Error('ARGUMENT', 'A text with a NUL character cannot be sent');
		}
		if (!value.isWellFormed()) {
			throw new Imap4Error('ARGUMENT', 'A text with half a surrogate pair cannot be sent');
		}
		// A closed list of characters, narrower than the RFC's ATOM-CHAR; NIL would mean "nothing".
		if (
			atomAllowed &&
			/^[A-Za-z0-9._/&+,:;=@#$!?'|~^<>-]{1,200}$/.test(value) &&
			!/^nil$/i.test(value)
		) {
			this.add(value, hide ? BLOT : undefined);
		} else if (this.quotable(value)) {
			this.add(`"${value.replace(/["\\]/g, '\\$&')}"`, hide ? BLOT : undefined);
		} else {
			this.literal(Buffer.from(value, 'utf8'), false);
		}
	}

	private quotable(value: string): boolean {
		if (value.length > LONGEST_QUOTED || /[\r\n]/.test(value)) return false;
		// eslint-disable-next-line no-control-regex -- QUOTED-CHAR is all of US-ASCII here
		return this.context.utf8 || /^[\x01-\x7f]*$/.test(value);
	}

	private literal(octets: Buffer | LiteralStream, binary: boolean): void {
		const size = 'size' in octets ? octets.size : octets.length;
		const free = size <= this.context.nonSynchronizing;
		this.add(`${binary ? '~' : ''}{${size}${free ? '+' : ''}}\r\n`);
		this.segments.push({ text: this.text, literal: octets, wait: !free, ...this.shownText() });
		this.text = '';
		this.shown = undefined;
	}
}
