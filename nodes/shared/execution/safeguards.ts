/** Dry Run and Stop If More Than, for operations that destroy. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { UidSet, type OpenMailbox } from '../../../engine/index';
import { checkOutOfReach, runsAsTool } from './ai-tool';
import type { Execution } from './execution';
import { UserError } from '../errors/user-error';
import { strictWholeNumber } from '../fields/strict-values';

/** Off for people, by nothing but a strict false, and on for AI agents, which change something only if anyone who set them up wants it. */
export function dryRunProperties(
	description = 'Whether to only report what would change, without changing anything',
): INodeProperties[] {
	const dryRun: INodeProperties = {
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		displayOptions: { show: { '@tool': [false] } },
		default: false,
		description,
	};
	const forAgents: INodeProperties = {
		...dryRun,
		displayOptions: { show: { '@tool': [true] } },
		// No expression, so that the model is not asked for it.
		noDataExpression: true,
		default: true,
	};
	return [dryRun, forAgents];
}

const stopIfMoreThanProperty: INodeProperties = {
	displayName: 'Stop If More Than',
	name: 'stopIfMoreThan',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'Fail before changing anything in a mailbox if more messages than this would be affected there; 0 for no limit',
};

export const safeguardProperties: INodeProperties[] = [
	...dryRunProperties(),
	stopIfMoreThanProperty,
];

export function isDryRun(execution: Execution, itemIndex: number): boolean {
	checkOutOfReach(execution.context, 'dryRun', 'Dry Run');
	return execution.toggle('dryRun', 'Dry Run', itemIndex, runsAsTool(execution.context));
}

/** @returns 0 for no limit. @throws UserError */
export function readStopIfMoreThan(execution: Execution, itemIndex: number): number {
	checkOutOfReach(execution.context, 'stopIfMoreThan', 'Stop If More Than');
	return strictWholeNumber(
		execution.parameter<unknown>('stopIfMoreThan', itemIndex, 0),
		'Stop If More Than',
	);
}

/**
 * @param where nothing was changed, in words
 * @throws UserError if there are more messages than allowed; 0 allows any number
 */
export function checkCount(count: number, stopIfMoreThan: number, where = 'in this mailbox'): void {
	if (stopIfMoreThan === 0 || count <= stopIfMoreThan) return;
	throw new UserError(
		`${count} messages would be affected, more than the ${stopIfMoreThan} that "Stop If More Than" allows. Nothing was changed ${where}.`,
		'Check the selection with "Dry Run", or raise the limit.',
	);
}

/** What a dry run reports about messages. */
export async function dryRunReport(
	mailbox: OpenMailbox,
	uids: readonly number[],
): Promise<IDataObject> {
	let size = 0;
	if (uids.length > 0) {
		for await (const message of mailbox.fetch(UidSet.from(uids), { size: true })) {
			size += message.size ?? 0;
		}
	}
	return {
		dryRun: true,
		mailbox: mailbox.name,
		count: uids.length,
		uids: uids.length > 0 ? UidSet.from(uids).toString() : '',
		size,
	};
}
