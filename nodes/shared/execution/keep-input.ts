/** Keep Input Fields: what came in stays in the item, beside what was done with its message. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execution } from './execution';

export const keepInputProperty: INodeProperties = {
	displayName: 'Keep Input Fields',
	name: 'keepInputFields',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the fields and files of the input item too, such as the subject and the text. Fields that this node returns replace input fields of the same name.',
};

/** @throws UserError unless it is exactly true or false */
export function keepsInput(execution: Execution, item: number): boolean {
	return execution.toggle('keepInputFields', 'Keep Input Fields', item);
}

/**
 * What a node says of its own run, and leaves out where it is not so: from an earlier node, it would be taken for
 * what this one did.
 */
const OUTCOMES: readonly string[] = [
	'alreadyThere',
	'changedMeanwhile',
	'createdMailbox',
	'dryRun',
	'gone',
	'notFound',
	'nothingChanged',
];

export function emitWithInput(execution: Execution, item: number, json: IDataObject): void {
	const { json: given = {}, binary } = execution.items[item] ?? {};
	const kept = Object.entries(given).filter(([name]) => !OUTCOMES.includes(name));
	// The reference is that of the message now, and the account that of this node.
	execution.emit(item, { ...Object.fromEntries(kept), ...json }, binary);
}
