import type { Command } from '../command';
import { ANY_STATE } from '../command';
import { Imap4Error } from '../../errors';
import type { ResponseCode } from '../../grammar/response-code';
import type { UntaggedResponse } from '../../grammar/response';
import { applyToMailbox } from '../apply-unsolicited';
import type { Part } from '../../wire/writer';
import { astring, list, literal, raw } from '../../wire/writer';

/** An argument as a value: text, number, octets (a literal), null (NIL), or a list of these. */
export type Argument = string | number | Uint8Array | null | readonly Argument[];

/** The answer to a command that the engine does not know. */
export interface RawResult {
	/** What the server sent meanwhile, as read. */
	responses: UntaggedResponse[];
	/** The same as it came, without CRLF. */
	lines: Buffer[];
	/** The response code of the tagged OK. */
	code: ResponseCode | undefined;
	/** The text of the tagged OK. */
	text: string;
}

/**
 * They change what this session is or how it talks; each has its own method. The first word decides, since
 * servers that ignore what comes after it would take `LOGOUT NOW` for LOGOUT.
 */
const OWN_METHOD =
	/^(STARTTLS|AUTHENTICATE|LOGIN|LOGOUT|SELECT|EXAMINE|CLOSE|UNSELECT|IDLE|COMPRESS|ENABLE|PROXYAUTH|UNAUTHENTICATE|NOTIFY)$/;

/**
 * Any extension command. It is sent alone, so that all that comes meanwhile is its own.
 * @throws Imap4Error ARGUMENT for a name that is none or has its own method
 */
export function xatom(name: string, args: readonly Argument[]): Command<RawResult> {
	const upper = name.toUpperCase();
	if (!/^[A-Z][A-Z0-9.-]*( [A-Z][A-Z0-9.-]*)?$/.test(upper)) {
		throw new Imap4Error('ARGUMENT', `"${name.slice(0, 80)}" is not a command name`);
	}
	if (OWN_METHOD.test(upper.split(' ', 1)[0] ?? '')) {
		throw new Imap4Error('ARGUMENT', `${upper} changes the session itself; use the method for it`, {
			command: upper,
		});
	}
	const responses: UntaggedResponse[] = [];
	const lines: Buffer[] = [];
	return {
		name: upper,
		args: args.map(argument),
		states: ANY_STATE,
		pipelining: 'alone',
		onRawLine: (octets) => void lines.push(octets),
		accepts(response, { mailbox }) {
			if (response.type === 'status' && response.status === 'BYE') return false;
			if (mailbox) applyToMailbox(mailbox, response);
			responses.push(response);
			return true;
		},
		done: ({ code, text }) => ({ responses, lines, code, text }),
	};
}

function argument(value: Argument): Part {
	if (value === null) return raw('NIL');
	if (typeof value === 'string') return astring(value);
	if (typeof value === 'number') {
		if (!Number.isSafeInteger(value) || value < 0)
			throw new Imap4Error('ARGUMENT', `${value} is not a number that can be sent`);
		return raw(String(value));
	}
	if (value instanceof Uint8Array)
		return literal(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
	if (Array.isArray(value)) return list((value as readonly Argument[]).map(argument));
	throw new Imap4Error(
		'ARGUMENT',
		'An argument must be text, a number, bytes, null, or a list of these',
	);
}
