/** The engine's guide: each block compiles and runs, and what it says of other clients is of their version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from './examples/compile';
import { Example } from './examples/example';
import { ROOT } from './examples/modules';
import { perform } from './examples/stage';

const PAGES = ['docs/engine.md', 'docs/engine-from-others.md', 'engine/README.md'];

/** Blocks of TypeScript, each with the heading that it is under. */
const BLOCKS = PAGES.flatMap((page) => {
	let heading = '';
	let count = 0;
	const text = readFileSync(join(ROOT, page), 'utf8');
	return [...text.matchAll(/^(#+) (.*)$|^```ts\n([\s\S]*?)^```$/gm)].flatMap(
		([, level, title, code]) => {
			if (level !== undefined) {
				heading = title ?? '';
				count = 0;
				return [];
			}
			count++;
			return new Example(`${page}, ${heading}, ${count}`, code ?? '', false);
		},
	);
});

let complaints: Map<string, string[]>;
beforeAll(() => {
	complaints = compile(BLOCKS);
}, 120_000);

test('each chapter of the guide has a block', () => {
	for (const heading of [
		...['Connect', 'Read a mailbox', 'Stream a body', 'Change messages', 'Follow changes'],
		...['Errors and retries', 'Limits', 'Testing with the in-memory server'],
	]) {
		expect(BLOCKS.map(({ title }) => title)).toContain(`docs/engine.md, ${heading}, 1`);
	}
});

describe.each(BLOCKS)('$title', (example) => {
	test('compiles', () => {
		expect(complaints.get(example.title)).toEqual([]);
	});

	test('runs', async () => {
		await perform(example, (actual, expected) => expect(actual).toEqual(expected));
	});
});

describe('the table beside other clients', () => {
	const table = readFileSync(join(ROOT, 'docs/engine.md'), 'utf8');
	const row = (name: string): string[] =>
		(table.split('\n').find((line) => line.startsWith(`| ${name} `)) ?? '')
			.split('|')
			.slice(2, -1)
			.map((cell) => cell.trim());
	interface Manifest {
		version: string;
		dependencies?: object;
	}
	const manifest = (path: string): Manifest =>
		JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as Manifest;

	test('is of the versions that are installed', () => {
		const { version: imapflow } = manifest('node_modules/imapflow');
		const { version: nodeImap } = manifest('node_modules/imap');
		expect(table).toContain(`from the code of imapflow ${imapflow} and node-imap ${nodeImap}`);
	});

	test('counts their dependencies', () => {
		const counts = ['engine', 'node_modules/imapflow', 'node_modules/imap'].map(
			(path) => `${Object.keys(manifest(path).dependencies ?? {}).length}`,
		);
		expect(row('runtime dependencies')).toEqual(counts);
	});
});
