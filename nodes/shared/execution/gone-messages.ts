/**
 * Accept Missing Messages: an execution that n8n repeats finds what it has done already. A message that was
 * moved or deleted then is no failure.
 */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from './execution';

export const acceptGoneProperty: INodeProperties = {
	displayName: 'Accept Missing Messages',
	name: 'acceptMissing',
	type: 'boolean',
	displayOptions: { show: { messages: ['input', 'reference'] } },
	default: false,
	description:
		'Whether a message that no longer exists, for example because an interrupted execution has already moved it, is returned with "notFound" instead of failing',
};

/** @throws UserError unless it is exactly true or false */
export function acceptsGone(execution: Execution, item: number): boolean {
	return execution.toggle('acceptMissing', 'Accept Missing Messages', item);
}
