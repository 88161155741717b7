/** A second version can be added without a change of type names or of saved workflows: see CONTRIBUTING.md. */
import { VersionedNodeType, type INodeType } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../../demo/run-workflow';
import { credentialTypes, NODES, PASSWORD, startServer, USER } from './run-node';

/** The node under two versions; the second one says that it ran. */
function twoVersions(node: INodeType): VersionedNodeType {
	const { version: _versions, ...base } = node.description;
	const second: INodeType = {
		...node,
		description: { ...node.description, version: 2 },
		execute: () => Promise.resolve([[{ json: { version: 2 } }]]),
	};
	return new VersionedNodeType({ 1: node, 2: second }, { ...base, defaultVersion: 2 });
}

test.each([1, 2])('a node saved with version %i runs that version', async (typeVersion) => {
	const server = await startServer();
	const run = await runWorkflow({
		nodeTypes: new NodeTypeRegistry(
			{ 'n8n-nodes-imap4.imap4Namespace': twoVersions(NODES.imap4Namespace) },
			credentialTypes,
		),
		credentials: [
			{
				id: '1',
				name: 'Account',
				type: 'imap4PlainApi',
				data: { host: server.host, port: server.port, user: USER, password: PASSWORD },
			},
		],
		input: [{ json: {} }],
		startNode: 'Node',
		workflow: {
			name: 'Test',
			nodes: [
				{
					id: '1',
					name: 'Node',
					type: 'n8n-nodes-imap4.imap4Namespace',
					typeVersion,
					position: [0, 0],
					credentials: { imap4PlainApi: { id: '1', name: 'Account' } },
					parameters: { authentication: 'plain', resource: 'namespace', operation: 'getMany' },
				},
			],
			connections: {},
		},
	});
	const [first] = outputOf(run, 'Node');
	expect(first?.json).toMatchObject(typeVersion === 1 ? { kind: 'personal' } : { version: 2 });
});

test.each(Object.entries(NODES))('%s lists its versions', (_name, { description }) => {
	expect(description.version).toEqual([1]);
});
