/** Every node of docs/how-do-i.md works as it is pasted, and does what its question asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageNodes, ROOT, type DocumentedNode } from '../../docs/generator/package-nodes';
import { RESULTS } from './how-do-i-results';
import { runPasted, type Pasted } from './pasted-workflow';

const PAGE = readFileSync(join(ROOT, 'docs/how-do-i.md'), 'utf8');
const ANSWERS = [...PAGE.matchAll(/^### … (.*)\?$([\s\S]*?)(?=^#{2,3} |(?![\s\S]))/gm)].map(
	([, question = '', answer = '']) => ({
		question,
		workflows: [...answer.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(
			([, json = '']) => JSON.parse(json) as Pasted,
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
beforeAll(async () => {
	types = await packageNodes();
});

describe('How do I', () => {
	test.each(ANSWERS)('$question', async ({ question, workflows: [workflow] }) => {
		const result = RESULTS[question];
		if (!workflow || !result) throw new Error('The question has no nodes, or no result to expect');
		for (const { type: name, parameters } of workflow.nodes) {
			const found = types.find(({ type }) => name === `n8n-nodes-imap4.${type.description.name}`);
			if (!found) throw new Error(`There is no node ${name}`);
			expect(unknownIn(parameters, found.type.description.properties)).toEqual([]);
		}
		const { shows, ...options } = typeof result === 'function' ? { shows: result } : result;
		await shows(await runPasted(workflow, options));
	});

	test('each question has one answer to paste, and is in the list at the top', () => {
		expect(ANSWERS.map(({ workflows }) => workflows.length)).toEqual(ANSWERS.map(() => 1));
		const listed = [...PAGE.matchAll(/^- \[… (.*)\?\]\(#/gm)].map(([, question]) => question);
		expect(listed).toEqual(ANSWERS.map(({ question }) => question));
		expect(Object.keys(RESULTS).sort()).toEqual(listed.sort());
	});

	test('there are at least 48 of them', () => {
		expect(new Set(ANSWERS.map(({ question }) => question)).size).toBeGreaterThanOrEqual(48);
	});
});
