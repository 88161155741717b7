import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { quotaResources } from '../../shared/mailbox/quota-resources';
import { strictChoice, strictText, strictWholeNumber } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { dryRunProperties } from '../../shared/execution/safeguards';
import { quotaItems } from '../../shared/mailbox/quota-output';
import { chosenRoot, rootProperty } from '../quota-root';

type QuotaResources = Awaited<ReturnType<typeof quotaResources>>;

interface Limit {
	resource?: unknown;
	limit?: unknown;
	unit?: unknown;
}

/** In units of 1,024 bytes, as the protocol counts storage (RFC 9208 §5.1). */
const STORAGE_UNITS = { kb: 1, mb: 1024, gb: 1024 ** 2 };

const limitsProperty: INodeProperties = {
	displayName: 'Limits',
	name: 'limits',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Limit',
	default: { limit: [{ resource: 'STORAGE', limit: 1, unit: 'gb' }] },
	options: [
		{
			displayName: 'Limit',
			name: 'limit',
			values: [
				{
					displayName: 'Resource',
					name: 'resource',
					type: 'string',
					default: 'STORAGE',
					description:
						'STORAGE (bytes), MESSAGE (number of messages), or another resource of the server',
				},
				{
					displayName: 'Limit',
					name: 'limit',
					type: 'number',
					// eslint-disable-next-line n8n-nodes-base/node-param-description-wrong-for-limit -- it limits a quota, no results
					description: 'Maximum usage, in the unit chosen below',
					typeOptions: { minValue: 1 },
					// eslint-disable-next-line n8n-nodes-base/node-param-default-wrong-for-limit -- any number would be a limit that no one chose
					default: '',
				},
				{
					displayName: 'Unit',
					name: 'unit',
					type: 'options',
					options: [
						{ name: 'GB', value: 'gb', description: '1,024 MB; for STORAGE' },
						{ name: 'KB', value: 'kb', description: '1,024 bytes; for STORAGE' },
						{ name: 'MB', value: 'mb', description: '1,024 KB; for STORAGE' },
						{
							name: 'Unit of the Resource',
							value: 'resource',
							description: '1,024 bytes for STORAGE, one message for MESSAGE',
						},
					],
					default: 'resource',
				},
			],
		},
	],
};

/** @throws UserError */
function factorOf(unit: unknown, resource: string): number {
	const chosen = strictChoice(unit, 'Unit', ['resource', 'kb', 'mb', 'gb']);
	if (chosen === 'resource') return 1;
	if (resource.endsWith('STORAGE')) return STORAGE_UNITS[chosen];
	throw new UserError(
		`The resource "${resource}" is not counted in ${chosen.toUpperCase()}`,
		'Choose "Unit of the Resource" in the field "Unit".',
	);
}

/** @throws UserError */
function readLimits(execution: Execution, item: number): Record<string, number> {
	const { limit: given = [] } = execution.parameter<{ limit?: Limit[] }>('limits', item, {});
	const limits: Record<string, number> = {};
	for (const row of given) {
		// Workflows from before there was a choice of units have none.
		const { resource, limit, unit } = { unit: 'resource', ...row };
		const name = strictText(resource, 'Resource', { required: true }).trim().toUpperCase();
		if (Object.hasOwn(limits, name)) throw new UserError(`The resource "${name}" has two limits`);
		limits[name] = strictWholeNumber(limit, `Limit: ${name}`) * factorOf(unit, name);
	}
	return limits;
}

interface NewLimits {
	limits: Record<string, number>;
	/** Whether every limit that is not named is lifted. */
	removeOthers: boolean;
}

/** @throws UserError */
function readNewLimits(execution: Execution, item: number): NewLimits {
	const limits = readLimits(execution, item);
	const removeOthers = execution.toggle('removeOthers', 'Remove Other Limits', item);
	if (Object.keys(limits).length > 0 || removeOthers) return { limits, removeOthers };
	throw new UserError(
		'No limit is entered',
		'Add one, or turn on "Remove Other Limits" to remove all limits.',
	);
}

/** SETQUOTA lifts every limit that it does not name (RFC 9208 §4.1.3). */
function allLimits(
	before: QuotaResources,
	{ limits, removeOthers }: NewLimits,
): Record<string, number> {
	if (removeOthers) return limits;
	const kept = before.flatMap(({ name, limit }) =>
		limit === null ? [] : [[name, limit] as const],
	);
	return { ...Object.fromEntries(kept), ...limits };
}

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Set the limits of a quota; usually requires an administrator (SETQUOTA)',
	forModel:
		'Use it only when asked to change how much an account may store. Returns usage and limit of each resource. Never deletes messages.',
	action: 'Set a quota',
	properties: [
		rootProperty,
		limitsProperty,
		{
			displayName: 'Remove Other Limits',
			name: 'removeOthers',
			type: 'boolean',
			default: false,
			description: 'Whether to remove the limits of resources not listed above',
		},
		...dryRunProperties(
			'Whether to only report the current and new limits, without changing anything',
		),
	],
	execute: onMailbox({
		atOnce: 1,
		choice: chosenRoot,
		read: readNewLimits,
		async dryRun({ imap, mailbox: root, settings }) {
			const before = await quotaResources(imap, root);
			return {
				dryRun: true,
				root,
				before: Object.fromEntries(before.map(({ name, limit }) => [name, limit])),
				limits: allLimits(before, settings),
			};
		},
		async run({ imap, mailbox: root, settings }) {
			const before = settings.removeOthers ? [] : await quotaResources(imap, root);
			const reported = await imap.setQuota(root, allLimits(before, settings));
			return quotaItems(reported ?? (await imap.getQuota(root)));
		},
	}),
};
