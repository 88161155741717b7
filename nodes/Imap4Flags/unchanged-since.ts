/** Only If Unchanged Since: skips messages that someone else has changed meanwhile (RFC 7162 §3.1.3). */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../shared/execution/execution';
import { isExpression } from '../shared/fields/is-expression';
import { strictText } from '../shared/fields/strict-values';
import { UserError } from '../shared/errors/user-error';

export const unchangedSinceProperty: INodeProperties = {
	displayName: 'Only If Unchanged Since',
	name: 'unchangedSince',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.modSeq }}',
	description:
		'The modSeq field from "Get Many" of this node. Messages changed since then are skipped; requires CONDSTORE. Leave empty to change messages in any case.',
};

/**
 * @returns undefined if the item doesn't ask for it
 * @throws UserError if it is no mod-sequence: a whole number from 0 to 2^63-1
 */
export function readUnchangedSince(execution: Execution, itemIndex: number): bigint | undefined {
	const label = 'Only If Unchanged Since';
	const given = execution.parameter<unknown>('unchangedSince', itemIndex, '');
	// An empty expression must not turn "only if" into "always".
	const required = isExpression(execution.context, 'unchangedSince');
	const text = strictText(given, label, { required }).trim();
	if (text === '') return undefined;
	const modSeq = /^\d{1,19}$/.test(text) ? BigInt(text) : undefined;
	if (modSeq !== undefined && modSeq < 2n ** 63n) return modSeq;
	throw new UserError(
		'The field "Only If Unchanged Since" must be a mod-sequence, which is a whole number',
		'Use the modSeq field from the operation "Get Many" of this node.',
	);
}
