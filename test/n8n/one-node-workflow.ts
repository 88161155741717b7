import type { N8nRest } from '../../demo/n8n/rest';

/**
 * Makes a workflow of one node, which runs when its button is pressed.
 * @returns its id
 */
export async function oneNodeWorkflow(
	rest: N8nRest,
	name: string,
	type: string,
	parameters: object,
): Promise<string> {
	const { id } = await rest.request<{ id: string }>('POST', '/workflows', {
		name,
		active: false,
		settings: { executionOrder: 'v1' },
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{ id: 'node', name, type, typeVersion: 1, position: [220, 0], parameters },
		],
		connections: { Start: { main: [[{ node: name, type: 'main', index: 0 }]] } },
	});
	return id;
}
