import { type IExecuteFunctions, type INodeType } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { standIns } from '../../demo/n8n-core/stand-ins';
import {
	NodeTypeRegistry,
	outputOf,
	runWorkflow,
	type WorkflowFile,
} from '../../demo/run-workflow';

const shout: INodeType = {
	description: {
		name: 'shout',
		displayName: 'Shout',
		description: '',
		group: ['transform'],
		version: 1,
		defaults: {},
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'voiceApi', required: true }],
		properties: [{ displayName: 'Text', name: 'text', type: 'string', default: 'nothing' }],
	},
	async execute(this: IExecuteFunctions) {
		const { volume } = await this.getCredentials<{ volume: number }>('voiceApi');
		return [
			this.getInputData().map((_, item) => {
				const text = this.getNodeParameter('text', item) as string;
				if (text === 'fail') throw new Error('lost my voice');
				return { json: { text: text + '!'.repeat(volume) }, pairedItem: { item } };
			}),
		];
	},
};
const nodeTypes = new NodeTypeRegistry({ ...standIns, 'test.shout': shout });
const credentials = [{ id: 'v', name: 'Voice', type: 'voiceApi', data: { volume: 2 } }];

const shouting = (text: string): WorkflowFile => ({
	name: 'Shouting',
	nodes: [
		{
			id: '1',
			name: 'Start',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: '2',
			name: 'Shout',
			type: 'test.shout',
			typeVersion: 1,
			position: [200, 0],
			parameters: { text },
			credentials: { voiceApi: { id: 'v', name: 'Voice' } },
		},
	],
	connections: { Start: { main: [[{ node: 'Shout', type: 'main', index: 0 }]] } },
});

describe("running a workflow on n8n's engine", () => {
	it('evaluates expressions, reads credentials and keeps the order of nodes', async () => {
		const workflow = shouting('={{ $json.name.toUpperCase() }}');
		const run = await runWorkflow({
			workflow,
			nodeTypes,
			credentials,
			input: [{ json: { name: 'ann' } }, { json: { name: 'bob' } }],
		});
		expect(run.status).toBe('success');
		expect(run.nodes.map(({ node }) => node)).toEqual(['Start', 'Shout']);
		expect(outputOf(run, 'Shout').map(({ json }) => json.text)).toEqual(['ANN!!', 'BOB!!']);
	});

	it('starts from a node of choice', async () => {
		const run = await runWorkflow({
			workflow: shouting('hello'),
			nodeTypes,
			credentials,
			startNode: 'Shout',
		});
		expect(run.nodes.map(({ node }) => node)).toEqual(['Shout']);
	});

	it('hands back the error of the node that failed', async () => {
		const run = await runWorkflow({ workflow: shouting('fail'), nodeTypes, credentials });
		expect(run.status).toBe('error');
		expect(run.error?.message).toContain('lost my voice');
		expect(run.nodes.at(-1)?.error?.message).toContain('lost my voice');
	});

	it('fails for a credential that is not there', async () => {
		const run = await runWorkflow({ workflow: shouting('hello'), nodeTypes });
		expect(run.error?.message).toContain('There is no credential "Voice"');
	});

	it('refuses a node type that is not there', async () => {
		await expect(
			runWorkflow({ workflow: shouting('hello'), nodeTypes: new NodeTypeRegistry(standIns) }),
		).rejects.toThrow('no node type "test.shout"');
	});
});
