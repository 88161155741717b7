/**
 * JSON schemas of what operations return, in n8n's own layout: its editor shows the fields before the
 * first run, with `n8n-core`'s `resolveOutputSchemaPath`.
 */
import { join } from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';
import type { DocumentedNode, DocumentedOperation } from './package-nodes';

interface Schema {
	type: string | string[];
	properties?: Record<string, Schema>;
	items?: Schema;
}

/** Where n8n looks for it, below the repository; undefined where it looks for none. */
export function schemaFile(
	{ type: { description } }: DocumentedNode,
	{ choice }: DocumentedOperation,
): string | undefined {
	const folder = description.name.replace(/^i/, 'I');
	const version = [description.version].flat().at(-1);
	const path = join('nodes', folder, '__schema__', `v${version}.0.0`);
	// A trigger has neither resource nor operation, so there is one schema for all of its events.
	if (choice.event !== undefined) {
		return choice.event === 'messageReceived' ? `${path}.json` : undefined;
	}
	return `${join(path, ...Object.values(choice))}.json`;
}

/** What holds for all of the items. */
export function outputSchema(items: readonly INodeExecutionData[]): string {
	const schema = items.map(({ json }) => schemaOf(json)).reduce(merged, { type: 'object' });
	return `${JSON.stringify({ ...schema, version: 1 }, null, '\t')}\n`;
}

function schemaOf(value: unknown): Schema {
	if (value === null || value === undefined) return { type: 'null' };
	if (Array.isArray(value)) {
		const items = value.map(schemaOf);
		return items.length === 0
			? { type: 'array' }
			: { type: 'array', items: items.reduce((one, other) => merged(one, other)) };
	}
	if (typeof value !== 'object') return { type: typeof value };
	const properties = Object.entries(value)
		.filter(([, one]) => one !== undefined)
		.map(([name, one]) => [name, schemaOf(one)] as const);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

/** Null comes last, since the editor shows the first of several types. */
function merged(one: Schema, other: Schema): Schema {
	const types = [...new Set([one.type, other.type].flat())];
	const known = types.filter((type) => type !== 'null');
	// The editor only looks into an object or an array that is nothing else.
	const all = known.some((type) => type === 'object' || type === 'array')
		? known
		: [...known, ...types.filter((type) => type === 'null')];
	const items =
		one.items && other.items ? merged(one.items, other.items) : (one.items ?? other.items);
	const names = [
		...new Set([one, other].flatMap(({ properties = {} }) => Object.keys(properties))),
	];
	const properties = names.map((name) => {
		const [mine, theirs] = [one.properties?.[name], other.properties?.[name]];
		return [name, mine && theirs ? merged(mine, theirs) : (mine ?? theirs)] as const;
	});
	const [only] = all;
	return {
		type: all.length === 1 && only !== undefined ? only : all,
		...(names.length > 0
			? { properties: Object.fromEntries(properties) as Record<string, Schema> }
			: {}),
		...(items ? { items } : {}),
	};
}
