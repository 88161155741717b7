/** The pages about the nodes are what the nodes are: `npm run docs` writes them, and this runs it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { entries } from '../../docs/generator/entries/index';
import { errorAdvice } from '../../docs/generator/error-advice';
import { nodePage } from '../../docs/generator/node-page';
import { packageNodes, type DocumentedNode } from '../../docs/generator/package-nodes';
import { FOLDER, generatedPages, type Generated } from '../../docs/generator/pages';
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
