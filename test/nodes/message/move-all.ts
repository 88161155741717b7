/** Move to Another Account, as one node of a workflow. */
import type { INodeType } from 'n8n-workflow';
import { NodeTypeRegistry, runWorkflow, type WorkflowRun } from '../../../demo/run-workflow';
import { credentialTypes } from '../credential-types';

/** A server without TLS, and who logs in there. */
export interface Login {
	host: string;
	port: number;
	user: string;
	password: string;
}

const INBOX = { __rl: true, mode: 'path', value: 'INBOX' };

/** Moves all messages of one INBOX into another. @param type the node IMAP4 Message */
export function moveAll(type: INodeType, from: Login, to: Login): Promise<WorkflowRun> {
	return runWorkflow({
		nodeTypes: new NodeTypeRegistry({ 'n8n-nodes-imap4.imap4Message': type }, credentialTypes),
		credentials: [
			{ id: '1', name: 'From', type: 'imap4PlainApi', data: { ...from } },
			{ id: '2', name: 'To', type: 'imap4TargetApi', data: { ...to, security: 'none' } },
		],
		input: [{ json: {} }],
		startNode: 'Move',
		workflow: {
			name: 'Move',
			nodes: [
				{
					id: 'move',
					name: 'Move',
					type: 'n8n-nodes-imap4.imap4Message',
					typeVersion: 1,
					position: [0, 0],
					credentials: {
						imap4PlainApi: { id: '1', name: 'From' },
						imap4TargetApi: { id: '2', name: 'To' },
					},
					parameters: {
						authentication: 'plain',
						resource: 'message',
						operation: 'moveToAccount',
						messages: 'uids',
						mailbox: INBOX,
						uids: '1:*',
						targetMailbox: INBOX,
					},
				},
			],
			connections: {},
		},
	});
}
