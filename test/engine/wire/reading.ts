import { expect } from 'vitest';
import { Reader } from '../../../engine/wire/reader';
import { octets } from './framed';

/** A reader of this response; behind it in the buffer stands what is of another one. */
export const reader = (response: string, behind = '', maxDepth = 250): Reader =>
	new Reader(octets(response + behind), 0, response.length, maxDepth);

export type Read = (reader: Reader) => unknown;

/** What is read, and what is left over. */
export function reads(read: Read, response: string, behind = ''): [unknown, string] {
	const one = reader(response, behind);
	const value = read(one);
	return [value, one.buffer.toString('latin1', one.at, one.end)];
}

/** The error of a response that cannot be read, without the words that all of them begin with. */
export function failure(read: Read, response: string, behind = ''): string {
	try {
		read(reader(response, behind));
	} catch (error) {
		expect(error).toMatchObject({ code: 'PROTOCOL' });
		return (error as Error).message.replace(
			'The server sent a response that cannot be read: expected ',
			'',
		);
	}
	return 'none';
}
