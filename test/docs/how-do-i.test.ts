/** Every node of docs/how-do-i.md works as it is pasted: it is run on the account of the examples. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageNodes, ROOT, type DocumentedNode } from '../../docs/generator/package-nodes';
import { ExampleRunner } from '../../docs/generator/run-example';

interface Pasted {
	nodes: Array<{ type: string; parameters: INodeParameters }>;
}

const PAGE = readFileSync(join(ROOT, 'docs/how-do-i.md'), 'utf8');
const ANSWERS = [...PAGE.matchAll(/^### … (.*)$([\s\S]*?)(?=^#{2,3} |(?![\s\S]))/gm)].map(
	([, question = '', answer = '']) => ({
		question,
		nodes: [...answer.matchAll(/^```json\n([\s\S]*?)^```/gm)].flatMap(
			([, json = '']) => (JSON.parse(json) as Pasted).nodes,
		),
	}),
);

/** n8n drops what a node has no field for, so that a misspelt filter would select everything. */
function unknownIn(given: object, fields: readonly INodeProperties[]): string[] {
	return Object.entries(given).flatMap(([name, value]) => {
		const named = fields.filter((field) => field.name === name);
		if (named.length === 0) return [name];
		const collection = named.find(({ type }) => type === 'collection');
		return collection ? unknownIn(value as object, collection.options as INodeProperties[]) : [];
	});
}

let types: DocumentedNode[];
let runner: ExampleRunner;
beforeAll(async () => {
	types = await packageNodes();
	runner = await ExampleRunner.prepare();
});

describe('How do I', () => {
	test.each(ANSWERS.filter(({ nodes }) => nodes.length > 0))('$question', async ({ nodes }) => {
		for (const { type: name, parameters } of nodes) {
			const found = types.find(({ type }) => name === `n8n-nodes-imap4.${type.description.name}`);
			if (!found) throw new Error(`There is no node ${name}`);
			expect(unknownIn(parameters, found.type.description.properties)).toEqual([]);
			const outcome = await runner.run({ type: found.type, parameters });
			expect(outcome).not.toHaveProperty('message');
			// A digest of the last day has nothing to show on an account of long ago.
			const { filters } = parameters as { filters?: { since?: string } };
			if (filters?.since?.startsWith('=')) continue;
			expect('items' in outcome ? outcome.items.length : 0).toBeGreaterThan(0);
		}
	});

	test('answers at least twenty questions with a node', () => {
		expect(ANSWERS.filter(({ nodes }) => nodes.length > 0).length).toBeGreaterThanOrEqual(20);
	});
});
