/** The output of an example, short enough to be read. */
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { plain } from './markdown';

const MOST_ITEMS = 2;
const LONGEST_LIST = 6;
const LONGEST_TEXT = 200;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

export function outputExample(items: readonly INodeExecutionData[]): string {
	if (items.length === 0) return 'Output: no items.';
	const shown = items.slice(0, MOST_ITEMS).map(({ json }) => shortened(json));
	const left = items.length - shown.length;
	const count = left > 0 ? `, the first ${shown.length} of ${items.length} items` : '';
	const json = JSON.stringify(shown.length === 1 ? shown[0] : shown, null, '\t');
	return [`Output${count}:`, `\`\`\`json\n${json}\n\`\`\``, ...binaryFields(items[0])].join('\n\n');
}

function shortened(value: unknown): unknown {
	if (typeof value === 'string') {
		// Made again by each run, so the page would never be the same twice.
		const text = value.replace(UUID, '6f9d4c1e-2b7a-4e0d-9c35-8a1f0b6e7d24');
		return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} …` : text;
	}
	if (Array.isArray(value)) {
		const first = value.slice(0, LONGEST_LIST).map(shortened);
		const left = value.length - first.length;
		return left > 0 ? [...first, `… and ${left} more`] : first;
	}
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shortened(one)]));
}

function binaryFields(item: INodeExecutionData | undefined): string[] {
	const fields = Object.entries<IBinaryData>(item?.binary ?? {});
	if (fields.length === 0) return [];
	const told = fields.map(
		([name, { fileName, mimeType, fileSize }]) =>
			`\`${name}\` (${[fileName, mimeType, fileSize].filter(Boolean).map(String).map(plain).join(', ')})`,
	);
	return [`Binary fields of the item: ${told.join(', ')}.`];
}
