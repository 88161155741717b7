/** All generated pages. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { entries } from './entries/index';
import { agentPage } from './agent-page';
import { errorAdvice } from './error-advice';
import { errorPage } from './error-page';
import { nodePage } from './node-page';
import { outputSchema, schemaFile } from './output-schema';
import { packageNodes, ROOT } from './package-nodes';
import { ExampleRunner } from './run-example';

export const FOLDER = join(ROOT, 'docs/nodes');

/** Those that there are, with the schemas of all operations. */
export const schemaFolders = (): string[] =>
	readdirSync(join(ROOT, 'nodes'))
		.map((node) => join(ROOT, 'nodes', node, '__schema__'))
		.filter((folder) => existsSync(folder));

export interface Generated {
	/** Text by file name, below docs/nodes/. */
	pages: Map<string, string>;
	/** Output schemas by path in the repository, formatted. */
	schemas: Map<string, string>;
	/** Keys of entries of no operation. */
	stale: string[];
}

/** @throws Error as {@link nodePage} */
export async function generatedPages(): Promise<Generated> {
	const nodes = await packageNodes();
	const sources = { entries, advice: errorAdvice(), runner: await ExampleRunner.prepare() };
	const pages = new Map<string, string>();
	const schemas = new Map<string, string>();
	for (const node of nodes) {
		pages.set(
			`${node.page}.md`,
			await formatted(
				await nodePage(node, {
					...sources,
					returned(operation, items) {
						const file = schemaFile(node, operation);
						if (file !== undefined) schemas.set(file, outputSchema(items));
					},
				}),
			),
		);
	}
	pages.set('agents.md', await formatted(agentPage(nodes)));
	pages.set('errors.md', await formatted(errorPage(sources.advice)));
	const known = new Set(nodes.flatMap(({ operations }) => operations.map(({ key }) => key)));
	for (const [file, text] of schemas) schemas.set(file, await formatted(text, join(ROOT, file)));
	return { pages, schemas, stale: Object.keys(entries).filter((key) => !known.has(key)) };
}

async function formatted(text: string, filepath = join(FOLDER, 'page.md')): Promise<string> {
	return format(text, { ...(await resolveConfig(filepath)), filepath });
}
