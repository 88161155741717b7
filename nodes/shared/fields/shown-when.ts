import type { INodeProperties, NodeParameterValue } from 'n8n-workflow';

/**
 * The field, shown only where others have these values too.
 * @param show values by the name of the other field, such as `{ source: ['raw'] }`
 */
export function shownWhen(
	show: Readonly<Record<string, NodeParameterValue[]>>,
	property: INodeProperties,
): INodeProperties {
	const { displayOptions } = property;
	return {
		...property,
		displayOptions: { ...displayOptions, show: { ...displayOptions?.show, ...show } },
	};
}
