/**
 * A process of its own that runs Move to Another Account on n8n's workflow engine, for a test that kills it. It says
 * "ready" once everything is loaded, moves once it receives the accounts, and reports "done".
 */
import type { INodeType } from 'n8n-workflow';
import { NodeTypeRegistry, runWorkflow } from '../../../demo/run-workflow';
import { packageNodes } from '../../../docs/generator/package-nodes';
import { credentialTypes } from '../credential-types';

/** A server without TLS, and who logs in there. */
export interface Login {
	host: string;
	port: number;
	user: string;
	password: string;
}

const start: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	execute() {
		return Promise.resolve([this.getInputData()]);
	},
};

const box = { __rl: true, mode: 'path', value: 'INBOX' };

async function move(type: INodeType, from: Login, to: Login): Promise<void> {
	const { error } = await runWorkflow({
		nodeTypes: new NodeTypeRegistry(
			{ 'test.start': start, 'n8n-nodes-imap4.imap4Message': type },
			credentialTypes,
		),
		credentials: [
			{ id: '1', name: 'From', type: 'imap4PlainApi', data: { ...from } },
			{ id: '2', name: 'To', type: 'imap4TargetApi', data: { ...to, security: 'none' } },
		],
		input: [{ json: {} }],
		startNode: 'Start',
		workflow: {
			name: 'Move',
			nodes: [
				{
					id: 'start',
					name: 'Start',
					type: 'test.start',
					typeVersion: 1,
					position: [0, 0],
					parameters: {},
				},
				{
					id: 'move',
					name: 'Move',
					type: 'n8n-nodes-imap4.imap4Message',
					typeVersion: 1,
					position: [200, 0],
					credentials: {
						imap4PlainApi: { id: '1', name: 'From' },
						imap4TargetApi: { id: '2', name: 'To' },
					},
					parameters: {
						authentication: 'plain',
						resource: 'message',
						operation: 'moveToAccount',
						messages: 'uids',
						mailbox: box,
						uids: '1:*',
						targetMailbox: box,
					},
				},
			],
			connections: { Start: { main: [[{ node: 'Move', type: 'main', index: 0 }]] } },
		},
	});
	if (error) throw error;
}

async function main(): Promise<void> {
	const nodes = await packageNodes();
	const message = nodes.find(({ type }) => type.description.name === 'imap4Message');
	if (!message) throw new Error('There is no node IMAP4 Message');
	process.on('message', ({ from, to }: { from: Login; to: Login }) => {
		move(message.type, from, to).then(
			() => process.send?.('done'),
			(error: unknown) => process.send?.(`failed: ${String(error)}`),
		);
	});
	process.send?.('ready');
}

void main();
