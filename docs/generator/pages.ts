/** All generated pages. */
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { entries } from './entries/index';
import { agentPage } from './agent-page';
import { errorAdvice } from './error-advice';
import { errorPage } from './error-page';
import { nodePage } from './node-page';
import { packageNodes, ROOT } from './package-nodes';
import { ExampleRunner } from './run-example';

export const FOLDER = join(ROOT, 'docs/nodes');

export interface Generated {
	/** Text by file name, below docs/nodes/. */
	pages: Map<string, string>;
	/** Keys of entries of no operation. */
	stale: string[];
}

/** @throws Error as {@link nodePage} */
export async function generatedPages(): Promise<Generated> {
	const nodes = await packageNodes();
	const sources = { entries, advice: errorAdvice(), runner: await ExampleRunner.prepare() };
	const pages = new Map<string, string>();
	for (const node of nodes) {
		pages.set(`${node.page}.md`, await formatted(await nodePage(node, sources)));
	}
	pages.set('agents.md', await formatted(agentPage(nodes)));
	pages.set('errors.md', await formatted(errorPage(sources.advice)));
	const known = new Set(nodes.flatMap(({ operations }) => operations.map(({ key }) => key)));
	return { pages, stale: Object.keys(entries).filter((key) => !known.has(key)) };
}

async function formatted(text: string): Promise<string> {
	const filepath = join(FOLDER, 'page.md');
	return format(text, { ...(await resolveConfig(filepath)), filepath });
}
