import { Imap4Error } from '../../errors';
import type { Command } from '../command';
import { SELECTED } from '../command';
import { raw } from '../../wire/writer';
import type { BodyRequest } from '../../grammar/section';
import { sectionName } from '../../grammar/section';

/** The parts PARTIAL knows (RFC 1730 §6.4.6): `RFC822`, `RFC822.HEADER`, `RFC822.TEXT`, `BODY[…]`. */
export function partialSection(part: string): BodyRequest {
	const upper = part.toUpperCase();
	const named: Record<string, string> = {
		RFC822: '',
		'RFC822.HEADER': 'HEADER',
		'RFC822.TEXT': 'TEXT',
	};
	const section = Object.hasOwn(named, upper)
		? named[upper]
		: /^BODY(?:\.PEEK)?\[(.*)\]$/.exec(upper)?.[1];
	if (section === undefined) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${part.slice(0, 80)}" is not a part that can be fetched in pieces`,
		);
	}
	const request: BodyRequest = { section, peek: upper.includes('PEEK') };
	sectionName(request);
	return request;
}

/**
 * PARTIAL (RFC 1730 §6.4.6), of servers from before IMAP4rev1.
 * @param start counted from 0, as with BODY[]<>; on the wire the first octet is 1
 * @returns the octets; null if there is no such part
 * @throws Imap4Error ARGUMENT
 */
export function partial(
	number: number,
	part: string,
	start: number,
	length: number,
): Command<Buffer | null> {
	partialSection(part);
	if (![number, start, length].every((value) => Number.isInteger(value) && value >= 0)) {
		throw new Imap4Error(
			'ARGUMENT',
			'PARTIAL needs the number of a message, a start and a length in bytes',
		);
	}
	let octets: Buffer | null = null;
	return {
		name: 'PARTIAL',
		args: [raw(`${number} ${part.toUpperCase()} ${start + 1} ${length}`)],
		states: SELECTED,
		pipelining: 'numbers, renumbering',
		accepts(response) {
			if (
				response.type !== 'FETCH' ||
				response.message.seq !== number ||
				response.message.body.length === 0
			) {
				return false;
			}
			octets = response.message.body[0]?.content ?? null;
			return true;
		},
		done: () => octets,
	};
}
