/** Polls the trigger as n8n does: the same node and static data, poll after poll. */
import { Container } from '@n8n/di';
import { ActiveWorkflowTriggers, PollContext, TriggerContext } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type ITriggerFunctions,
} from 'n8n-workflow';
import { additionalData } from '../../../demo/n8n-core/additional-data';
import { binaryDataReady } from '../../../demo/n8n-core/binary-data';
import { CredentialsInMemory } from '../../../demo/n8n-core/credentials';
import { NodeTypeRegistry } from '../../../demo/run-workflow';
import { Imap4MessageTrigger } from '../../../nodes/Imap4MessageTrigger/Imap4MessageTrigger.node';
import {
	CREDENTIAL_TYPES,
	type Authentication,
} from '../../../nodes/shared/account/authentication';
import { credentialTypes, PASSWORD, USER } from '../credential-types';

export const TYPE = 'n8n-nodes-imap4.imap4MessageTrigger';
let standard: NodeTypeRegistry | undefined;

export interface PollerOptions {
	server: { host: string; port: number };
	parameters?: INodeParameters;
	authentication?: Authentication;
	credential?: IDataObject;
	/** Where the trigger is from; the sources by default. */
	nodeTypes?: NodeTypeRegistry;
	/** Milliseconds that n8n gives each poll. */
	budget?: number;
	/** Takes what is delivered while a poll waits; n8n versions that cannot do so are without. */
	emit?: (items: INodeExecutionData[]) => void;
	/** Saves what the poll remembers, within the poll; n8n's durable cursors. */
	commit?: (staticData: IDataObject) => void;
	/** Whether all polls share one context, as without n8n's durable scheduler. */
	oneContext?: boolean;
	/** What n8n had saved when it was started. */
	staticData?: IDataObject;
	/** Of two pollers with the same id n8n thinks that they are the same node. */
	id?: string;
}

const fromSources = (): NodeTypeRegistry =>
	new NodeTypeRegistry({ [TYPE]: new Imap4MessageTrigger() }, credentialTypes);

let count = 0;

/** One trigger node of one active workflow. */
export class Poller {
	/** Errors that came with items. */
	readonly errors: Error[] = [];
	private readonly workflow: Workflow;
	private readonly node: INode;
	private readonly data;
	private readonly trigger: INodeType;
	private context: PollContext | undefined;

	constructor(readonly options: PollerOptions) {
		const {
			authentication = 'plain',
			server,
			credential,
			parameters,
			id = `w${++count}`,
		} = options;
		const nodeTypes = options.nodeTypes ?? (standard ??= fromSources());
		this.trigger = nodeTypes.getByNameAndVersion(TYPE);
		const type = CREDENTIAL_TYPES[authentication];
		this.node = {
			id: 'trigger',
			name: 'Trigger',
			type: TYPE,
			typeVersion: 1,
			position: [0, 0],
			credentials: { [type]: { id: '1', name: 'Account' } },
			parameters: { authentication, ...parameters },
		};
		this.workflow = new Workflow({
			id,
			name: 'Trigger',
			nodes: [this.node],
			connections: {},
			active: true,
			nodeTypes,
			staticData: structuredClone(options.staticData ?? {}),
			settings: { timezone: 'UTC' },
		});
		const data = {
			host: server.host,
			port: server.port,
			user: USER,
			password: PASSWORD,
			...(credential as Record<string, string>),
		};
		this.data = additionalData(
			new CredentialsInMemory(
				[{ id: '1', name: 'Account', type, data }],
				nodeTypes.credentialTypes,
			),
		);
	}

	/** The same node in an n8n that was started anew. */
	restarted(staticData: IDataObject = this.staticData): Poller {
		return new Poller({ ...this.options, staticData });
	}

	/** What n8n would save now. */
	get staticData(): IDataObject {
		return JSON.parse(JSON.stringify(this.workflow.staticData)) as IDataObject;
	}

	/** What n8n does at activation. @returns what it calls at deactivation */
	async activate(): Promise<() => Promise<void>> {
		const node = this.workflow.getNode('Trigger') as INode;
		const response = await this.trigger.trigger?.call({
			getWorkflow: () => this.workflow,
			getNode: () => node,
		} as unknown as ITriggerFunctions);
		return async () => response?.closeFunction?.();
	}

	/** What n8n's own code does at activation, once for each of `trigger()` and `poll()`. */
	async register(): Promise<void> {
		const { workflow, node, data } = this;
		await Container.get(ActiveWorkflowTriggers).addTriggers(
			...([workflow.id, workflow] as const),
			[node.id],
			...([data, 'trigger', 'activate'] as const),
			(...[, triggerNode]) =>
				new TriggerContext(workflow, triggerNode, data, 'trigger', 'activate'),
			() => this.newContext('trigger'),
		);
	}

	/** One poll. @throws what the node throws */
	async items(mode: 'trigger' | 'manual' = 'trigger'): Promise<INodeExecutionData[]> {
		await binaryDataReady();
		const context = (this.options.oneContext ? this.context : undefined) ?? this.newContext(mode);
		this.context = context;
		const result = await this.trigger.poll?.call(context);
		return result?.[0] ?? [];
	}

	private newContext(mode: 'trigger' | 'manual'): PollContext {
		const { budget, emit, commit } = this.options;
		return new PollContext(
			this.workflow,
			this.workflow.getNode('Trigger') as INode,
			this.data,
			mode,
			'update',
			emit && (([items]) => emit(items ?? [])),
			(error) => this.errors.push(error),
			commit && (async () => commit(this.staticData)),
			undefined,
			undefined,
			budget === undefined ? undefined : () => budget,
		);
	}

	/** The JSON of what one poll gives. */
	async poll(mode: 'trigger' | 'manual' = 'trigger'): Promise<IDataObject[]> {
		return (await this.items(mode)).map(({ json }) => json);
	}

	/** The subjects of what one poll gives. */
	async subjects(): Promise<unknown[]> {
		return (await this.poll()).map(({ subject }) => subject);
	}
}
