/** The pages about the nodes are what the nodes are: `npm run docs` writes them, and this runs it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';
import { resolveOutputSchemaPath } from 'n8n-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { entries } from '../../docs/generator/entries/index';
import { errorAdvice } from '../../docs/generator/error-advice';
import { outputSchema } from '../../docs/generator/output-schema';
import { nodePage } from '../../docs/generator/node-page';
import { packageNodes, ROOT, type DocumentedNode } from '../../docs/generator/package-nodes';
import { FOLDER, generatedPages, schemaFolders, type Generated } from '../../docs/generator/pages';
import { ExampleRunner } from '../../docs/generator/run-example';

const READ = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const WRITTEN = existsSync(FOLDER)
	? readdirSync(FOLDER).filter((name) => name.endsWith('.md'))
	: [];

describe('docs/nodes/', () => {
	let generated: Generated;
	beforeAll(async () => {
		generated = await generatedPages();
	}, 120_000);

	test('has a page for each node, one about errors, one about AI agents, and no others', () => {
		expect([...WRITTEN].sort()).toEqual([...generated.pages.keys()].sort());
	});

	test.each(WRITTEN)('%s is what `npm run docs` makes of the nodes', (name) => {
		expect(READ(name)).toBe(generated.pages.get(name));
	});

	test('the output schemas are what the examples return, and n8n finds each of them', () => {
		const written = schemaFolders().flatMap((folder) =>
			readdirSync(folder, { recursive: true, encoding: 'utf8' })
				.filter((name) => name.endsWith('.json'))
				.map((name) => join(folder, name)),
		);
		expect(Object.fromEntries(written.map((file) => [file, readFileSync(file, 'utf8')]))).toEqual(
			Object.fromEntries(
				[...generated.schemas].map(([file, text]) => [join(ROOT, file), text] as const),
			),
		);
		expect(
			resolveOutputSchemaPath({
				nodeDir: join(ROOT, 'nodes/Imap4Message'),
				version: '1',
				resource: 'message',
				operation: 'getMany',
			}),
		).toBe(join(ROOT, 'nodes/Imap4Message/__schema__/v1.0.0/message/getMany.json'));
		expect(
			resolveOutputSchemaPath({ nodeDir: join(ROOT, 'nodes/Imap4MessageTrigger'), version: '1' }),
		).toBe(join(ROOT, 'nodes/Imap4MessageTrigger/__schema__/v1.0.0.json'));
	});

	test('no entry is left of an operation that is gone', () => {
		expect(generated.stale).toEqual([]);
	});
});

describe('the generator refuses', () => {
	let namespace: DocumentedNode;
	let runner: ExampleRunner;
	beforeAll(async () => {
		const nodes = await packageNodes();
		namespace = nodes.find(({ page }) => page === 'namespace') as DocumentedNode;
		runner = await ExampleRunner.prepare();
	});
	const KEY = 'imap4Namespace.namespace.getMany';
	const made = (change: Partial<(typeof entries)[string]> | undefined) => {
		const entry = entries[KEY];
		if (entry === undefined) throw new Error(`There is no entry ${KEY}`);
		return nodePage(namespace, {
			entries: change === undefined ? {} : { [KEY]: { ...entry, ...change } },
			advice: errorAdvice(),
			runner,
		});
	};

	test('an operation without an entry, naming it', async () => {
		await expect(made(undefined)).rejects.toThrow(KEY);
	});

	test('a capability that is not needed', async () => {
		await expect(made({ needs: ['QUOTA'] })).rejects.toThrow('does not need QUOTA');
	});

	test('a capability without which there is no other way', async () => {
		await expect(made({ needs: [], uses: { NAMESPACE: 'x' } })).rejects.toThrow('NAMESPACE');
	});

	test('an error that the nodes have no advice about', async () => {
		await expect(made({ errors: ['NOSUCHCODE'] })).rejects.toThrow('NOSUCHCODE');
	});

	test('a mistake that is none', async () => {
		await expect(made({ mistakes: [{ when: 'Nothing is wrong' }] })).rejects.toThrow(
			'Nothing is wrong',
		);
	});
});

describe('an output schema', () => {
	const of = (...items: IDataObject[]): unknown =>
		JSON.parse(outputSchema(items.map((json) => ({ json }))));

	test('has the fields of all items, in the order in which they come', () => {
		expect(of({ a: 1 }, { a: 2, b: [true] })).toEqual({
			type: 'object',
			properties: { a: { type: 'number' }, b: { type: 'array', items: { type: 'boolean' } } },
			version: 1,
		});
	});

	test('names null last, and an object that is sometimes null is an object', () => {
		expect(of({ a: null, b: null }, { a: 'x', b: { c: 1 } })).toEqual({
			type: 'object',
			properties: {
				a: { type: ['string', 'null'] },
				b: { type: 'object', properties: { c: { type: 'number' } } },
			},
			version: 1,
		});
	});
});
