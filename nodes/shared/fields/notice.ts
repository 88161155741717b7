/** A sentence in the form where a choice has a cost. */
import type { INodeProperties, NodeParameterValue } from 'n8n-workflow';

/**
 * @param name of its own in the node: n8n tells fields apart by it
 * @param show the choice that has the cost, by the name of the field, or its path such as `filters.text`
 */
export function notice(
	name: string,
	text: string,
	show: Readonly<Record<string, Array<NodeParameterValue | { _cnd: { exists: true } }>>>,
): INodeProperties {
	return {
		displayName: text,
		name,
		type: 'notice',
		default: '',
		displayOptions: { show: { ...show } },
	};
}

/** For a filter or an option that is not empty. */
export const isSet: Array<{ _cnd: { exists: true } }> = [{ _cnd: { exists: true } }];
