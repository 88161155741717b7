import type { INodeParameters } from 'n8n-workflow';
import { AGAIN_AFTER, type Setting } from './model';

/** The trigger's fields for what the model expects. */
export function parametersFor({ kind, pattern }: Setting): INodeParameters {
	const common = pattern ? { watch: 'pattern', pattern: '*' } : {};
	switch (kind) {
		case 'rescan':
			return { ...common, options: { onRenumbered: 'rescan' } };
		case 'acknowledged':
			return {
				...common,
				delivery: 'acknowledged',
				againAfter: AGAIN_AFTER / 60_000,
				options: { maxDeliveries: 100_000 },
			};
		case 'flags':
			return { ...common, event: 'flagsChanged' };
		case 'removed':
			return { ...common, event: 'messageRemoved' };
		case 'quota':
			return { ...common, event: 'quotaAbove', quotaPercent: 50 };
		default:
			return common;
	}
}
