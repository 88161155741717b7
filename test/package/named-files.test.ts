/** Files that the documents name are there: a file that was moved leaves no wrong sign behind. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(__dirname, '..', '..');
const FOLDERS =
	/^(?:bench|credentials|demo|docs|engine|mail|nodes|scripts|test|workflows)\/[\w./-]+$/;
/** Places for names of one's own, such as `engine/client/FILE.ts`. */
const PLACEHOLDER = /\b[A-Z]{3,}\b/;

const documents = ['.', 'docs', 'docs/nodes', 'engine', 'bench'].flatMap((folder) =>
	readdirSync(join(ROOT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => join(folder, name)),
);

const named = documents.flatMap((document) =>
	[...readFileSync(join(ROOT, document), 'utf8').matchAll(/`([^`\s]+)`/g)]
		.map(([, path = '']) => path)
		.filter((path) => FOLDERS.test(path) && !PLACEHOLDER.test(path))
		.map((path) => ({ document, path })),
);

test('every file that a document names is there', () => {
	expect(named.length).toBeGreaterThan(100);
	expect(named.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
});
