/** `npm run docs`: writes docs/nodes/, a page for each node, one about errors and one about AI agents. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER, generatedPages } from './pages';

async function main(): Promise<void> {
	const { pages, stale } = await generatedPages();
	mkdirSync(FOLDER, { recursive: true });
	for (const name of readdirSync(FOLDER)) {
		// Of a node that is no more.
		if (name.endsWith('.md') && !pages.has(name)) rmSync(join(FOLDER, name));
	}
	for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
	if (stale.length > 0) {
		console.warn(`Entries in docs/generator/entries/ of no operation: ${stale.join(', ')}`);
	}
	console.log(`docs/nodes/: ${[...pages.keys()].join(', ')}`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
