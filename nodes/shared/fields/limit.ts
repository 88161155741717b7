/** Return All and Limit, as n8n's own nodes have them. */
import type { INodeProperties } from 'n8n-workflow';
import { strictWholeNumber } from './strict-values';
import type { WithParameters, WithToggles } from './with-parameters';

export const limitProperties: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
];

/** @returns Infinity for all. @throws UserError */
export function readLimit(execution: WithParameters & WithToggles, item: number): number {
	if (execution.toggle('returnAll', 'Return All', item)) return Infinity;
	return strictWholeNumber(execution.parameter<unknown>('limit', item, 50), 'Limit', { min: 1 });
}
