import type { INode } from 'n8n-workflow';
import type { WorkflowFile } from '../run-workflow';

/** A node of a chain; the rest of an n8n node is the same for all of them. */
export type Link = Pick<INode, 'name' | 'type'> &
	Partial<Pick<INode, 'credentials' | 'executeOnce'>> & { parameters: object };

/** A workflow that runs nodes one after the other, from a manual trigger named Start. */
export function chain(name: string, ...links: readonly Link[]): WorkflowFile {
	const start: Link = { name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} };
	const all = [start, ...links];
	return {
		name,
		nodes: all.map((link, index) => ({
			...link,
			id: `${index}`,
			typeVersion: 1,
			position: [index * 220, 0],
			parameters: link.parameters as INode['parameters'],
		})),
		connections: Object.fromEntries(
			links.map((link, index) => [
				all[index]?.name ?? '',
				{ main: [[{ node: link.name, type: 'main', index: 0 }]] },
			]),
		),
		settings: { executionOrder: 'v1' },
	};
}
