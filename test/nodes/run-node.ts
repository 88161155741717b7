/** Runs one node on n8n's own workflow engine, against the in-memory server. */
import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	OnError,
} from 'n8n-workflow';
import { NodeTypeRegistry, outputOf, runWorkflow, type WorkflowRun } from '../../demo/run-workflow';
import { Imap4Acl } from '../../nodes/Imap4Acl/Imap4Acl.node';
import { Imap4Annotation } from '../../nodes/Imap4Annotation/Imap4Annotation.node';
import { Imap4Namespace } from '../../nodes/Imap4Namespace/Imap4Namespace.node';
import { Imap4Quota } from '../../nodes/Imap4Quota/Imap4Quota.node';
import { Imap4Server } from '../../nodes/Imap4Server/Imap4Server.node';
import { Imap4Flags } from '../../nodes/Imap4Flags/Imap4Flags.node';
import { Imap4Mailbox } from '../../nodes/Imap4Mailbox/Imap4Mailbox.node';
import { Imap4Message } from '../../nodes/Imap4Message/Imap4Message.node';
import { CREDENTIAL_TYPES, type Authentication } from '../../nodes/shared/account/authentication';
import type { MemoryServer } from '../server';
import { credentialTypes, PASSWORD, USER } from './credential-types';
import { inputNode } from './input-node';
import { startServer } from './start-server';

export { credentialTypes, PASSWORD, startServer, USER };

export const NODES = {
	imap4Acl: new Imap4Acl(),
	imap4Annotation: new Imap4Annotation(),
	imap4Namespace: new Imap4Namespace(),
	imap4Quota: new Imap4Quota(),
	imap4Server: new Imap4Server(),
	imap4Flags: new Imap4Flags(),
	imap4Mailbox: new Imap4Mailbox(),
	imap4Message: new Imap4Message(),
} satisfies Record<string, INodeType>;
const nodeTypes = new NodeTypeRegistry(
	{
		'test.input': inputNode,
		// Stands for the trigger in a flow: returns the items that it is given.
		'n8n-nodes-imap4.imap4MessageTrigger': inputNode,
		...Object.fromEntries(
			Object.entries(NODES).map(([name, node]) => [`n8n-nodes-imap4.${name}`, node]),
		),
	},
	credentialTypes,
);

/** As outputs name the account. */
export const ACCOUNT = 'imap://anna%40example.com@127.0.0.1';
/** Who gets what is copied to another account. */
export const TARGET_USER = 'archive@example.net';

export interface NodeRunOptions {
	node: keyof typeof NODES;
	/** The node's first by default. */
	resource?: string;
	operation: string;
	parameters?: INodeParameters;
	/** One empty item by default. */
	items?: Array<IDataObject | INodeExecutionData>;
	server?: { host: string; port: number };
	/** Where the other account is; the same server by default. */
	target?: { host: string; port: number };
	/** Fields of the other account's credential other than the usual. */
	targetCredential?: IDataObject;
	authentication?: Authentication;
	/** Fields of the credential other than the usual. */
	credential?: IDataObject;
	continueOnFail?: boolean;
	onError?: OnError;
	/** Whether n8n tries three times, without waiting in between. */
	retryOnFail?: boolean;
	timezone?: string;
	signal?: AbortSignal;
	/** The type of the node that the items come from. */
	inputType?: string;
}

/** The first resource of each node. */
export const RESOURCES = {
	imap4Acl: 'access',
	imap4Annotation: 'annotation',
	imap4Flags: 'flag',
	imap4Mailbox: 'mailbox',
	imap4Message: 'message',
	imap4Namespace: 'namespace',
	imap4Quota: 'quota',
	imap4Server: 'server',
} satisfies Record<keyof typeof NODES, string>;

/** One node of a flow. */
export interface FlowStep extends Pick<
	NodeRunOptions,
	'node' | 'resource' | 'operation' | 'parameters'
> {
	name: string;
	onError?: OnError;
	retryOnFail?: boolean;
	/** The step that its output goes to as well, in a loop. */
	backTo?: string;
}

type FlowOptions = Omit<NodeRunOptions, keyof FlowStep>;

/** Nodes one after the other, each with the same credential. */
export function runFlow(steps: readonly FlowStep[], options: FlowOptions): Promise<WorkflowRun> {
	const { server, authentication = 'plain', credential, target = server } = options;
	const type = CREDENTIAL_TYPES[authentication];
	const names = ['Input', ...steps.map(({ name }) => name)];
	const to = (name: string) => ({ node: name, type: 'main' as const, index: 0 });
	return runWorkflow({
		nodeTypes,
		credentials: [
			{
				id: '1',
				name: 'Account',
				type,
				data: {
					host: server?.host ?? '127.0.0.1',
					port: server?.port ?? 1,
					user: USER,
					password: PASSWORD,
					...(credential as Record<string, string>),
				},
			},
			{
				id: '2',
				name: 'Target',
				type: 'imap4TargetApi',
				data: {
					host: target?.host ?? '127.0.0.1',
					port: target?.port ?? 1,
					security: 'none',
					user: TARGET_USER,
					password: PASSWORD,
					...(options.targetCredential as Record<string, string>),
				},
			},
		],
		input: (options.items ?? [{}]).map((item) =>
			'json' in item ? (item as INodeExecutionData) : { json: item },
		),
		startNode: 'Input',
		signal: options.signal,
		workflow: {
			name: 'Test',
			settings: { timezone: options.timezone ?? 'UTC' },
			nodes: [
				{
					id: 'input',
					name: 'Input',
					type: options.inputType ?? 'test.input',
					typeVersion: 1,
					position: [0, 0],
					parameters: {},
				},
				...steps.map(({ name, node, resource, operation, parameters, ...step }, index) => ({
					id: `step${index}`,
					name,
					type: `n8n-nodes-imap4.${node}`,
					typeVersion: 1,
					position: [200 * (index + 1), 0] as [number, number],
					onError: step.onError,
					...(step.retryOnFail ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } : {}),
					credentials: {
						[type]: { id: '1', name: 'Account' },
						imap4TargetApi: { id: '2', name: 'Target' },
					},
					parameters: {
						authentication,
						resource: resource ?? RESOURCES[node],
						operation,
						...parameters,
					},
				})),
			],
			connections: Object.fromEntries(
				names.map((name, index) => {
					const nodes = [steps[index]?.name, steps[index - 1]?.backTo].filter(
						(one) => one !== undefined,
					);
					return [name, { main: [nodes.map(to)] }];
				}),
			),
		},
	});
}

/** The whole run, failed or not. */
export function runToEnd(options: NodeRunOptions): Promise<WorkflowRun> {
	const { node, resource, operation, parameters, retryOnFail, ...others } = options;
	const onError = options.onError ?? (options.continueOnFail ? 'continueRegularOutput' : undefined);
	return runFlow(
		[{ name: 'Node', node, resource, operation, parameters, onError, retryOnFail }],
		others,
	);
}

/** @returns the items put out. @throws the node's error */
export async function runNode(options: NodeRunOptions): Promise<INodeExecutionData[]> {
	const run = await runToEnd(options);
	if (run.error) throw run.error;
	return outputOf(run, 'Node');
}

/** The JSON of the items put out. */
export async function jsonOf(options: NodeRunOptions): Promise<IDataObject[]> {
	return (await runNode(options)).map(({ json }) => json);
}

/** The error that the node ends with. @throws Error if it succeeds */
export async function errorOf(
	options: NodeRunOptions,
): Promise<{ message: string; description: string; text: string }> {
	const { error } = await runToEnd(options);
	if (!error) throw new Error('The node succeeded');
	const { message, description } = error as Error & { description?: string | null };
	return { message, description: description ?? '', text: JSON.stringify(error) + error.stack };
}

/** A mailbox by path, as the editor stores it. */
export const box = (path: string): INodeParameters => ({
	__rl: true,
	mode: 'path',
	value: path,
});

/** The names of the commands that a server got, without those that log in, log out, and learn what the server is like. */
export function commandNames(server: MemoryServer): string[] {
	return server.commands
		.map(({ name }) => name)
		.filter(
			(name) =>
				!['CAPABILITY', 'LOGIN', 'AUTHENTICATE', 'LOGOUT', 'ID', 'NAMESPACE'].includes(name),
		);
}

/** The UID FETCH commands that a server got, as sent. */
export function fetches(server: MemoryServer): string[] {
	return server.commands.filter(({ name }) => name === 'UID FETCH').map(({ line }) => line);
}

/** A small message. */
export function mail(subject: string, more = ''): string {
	return [
		'From: Bert <bert@example.org>',
		`To: Anna <${USER}>`,
		`Subject: ${subject}`,
		'Date: Tue, 03 Nov 2026 10:00:00 +0000',
		`Message-ID: <${subject.replace(/\W+/g, '-')}@example.org>`,
		...(more ? [more] : []),
		'',
		`Text of ${subject}`,
		'',
	].join('\r\n');
}
