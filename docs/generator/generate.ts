/** `npm run docs`: writes docs/nodes/ and the output schemas beside the nodes. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './package-nodes';
import { FOLDER, generatedPages, schemaFolders } from './pages';

async function main(): Promise<void> {
	const { pages, schemas, stale } = await generatedPages();
	mkdirSync(FOLDER, { recursive: true });
	for (const name of readdirSync(FOLDER)) {
		// Of a node that is no more.
		if (name.endsWith('.md') && !pages.has(name)) rmSync(join(FOLDER, name));
	}
	for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
	for (const folder of schemaFolders()) rmSync(folder, { recursive: true });
	for (const [file, text] of schemas) {
		mkdirSync(dirname(join(ROOT, file)), { recursive: true });
		writeFileSync(join(ROOT, file), text);
	}
	if (stale.length > 0) {
		console.warn(`Entries in docs/generator/entries/ of no operation: ${stale.join(', ')}`);
	}
	console.log(`docs/nodes/: ${[...pages.keys()].join(', ')}`);
	console.log(`Output schemas: ${schemas.size}`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
