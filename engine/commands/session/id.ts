import type { Command } from '../command';
import { ANY_STATE } from '../command';
import type { Part } from '../../wire/writer';
import { list, raw, string } from '../../wire/writer';

/** Fields of ID by name, such as `name`, `version` and `vendor` (RFC 2971 §3.3). */
export type IdFields = Record<string, string | null>;

/**
 * ID (RFC 2971 §3.1).
 * @param fields what to send about this client; null to send nothing
 * @returns what the server returns about itself; null if it returns nothing
 */
export function id(fields: IdFields | null): Command<IdFields | null> {
	let answer: IdFields | null = null;
	const pairs = Object.entries(fields ?? {}).flatMap(([name, value]): Part[] => [
		string(name),
		value === null ? raw('NIL') : string(value),
	]);
	return {
		name: 'ID',
		args: [pairs.length > 0 ? list(pairs) : raw('NIL')],
		states: ANY_STATE,
		pipelining: 'free',
		accepts(response) {
			if (response.type !== 'ID') return false;
			answer = response.fields;
			return true;
		},
		done: () => answer,
	};
}
