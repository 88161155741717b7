/**
 * Runs a workflow on n8n's own workflow engine, n8n-core, in this process: no database, no server,
 * no editor. What a node sees (expressions, paired items, Continue On Fail, credentials, binary
 * data) is n8n's own doing.
 */
import './n8n-core/environment';
import { ExecutionLifecycleHooks, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	Workflow,
	type ExecutionError,
	type ExecutionStatus,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type ITaskData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { additionalData } from './n8n-core/additional-data';
import { binaryDataReady } from './n8n-core/binary-data';
import { CredentialsInMemory, type Credential } from './n8n-core/credentials';
import { type NodeTypeRegistry } from './n8n-core/node-types';

export { type Credential } from './n8n-core/credentials';
export { NodeTypeRegistry, packageNodeTypes } from './n8n-core/node-types';

/** A workflow as n8n's editor exports it. */
export interface WorkflowFile {
	id?: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

/** One run of one node. */
export interface NodeRun {
	node: string;
	/** Milliseconds. */
	time: number;
	/** By output. */
	output: INodeExecutionData[][];
	error?: ExecutionError;
	task: ITaskData;
}

export interface WorkflowRun {
	status: ExecutionStatus;
	/** Of the node that ended the workflow, `error.node` says which. */
	error?: ExecutionError;
	/** In the order in which they ended. */
	nodes: NodeRun[];
}

export interface RunOptions {
	workflow: WorkflowFile;
	nodeTypes: NodeTypeRegistry;
	credentials?: readonly Credential[];
	/** The name of the node to start from; by default the one that n8n would start from. */
	startNode?: string;
	/** What the first node gets; one empty item by default. */
	input?: INodeExecutionData[];
	/** `manual` by default, as with the editor's button. */
	mode?: WorkflowExecuteMode;
	/** The workflow's static data, changed in place. */
	staticData?: IDataObject;
	/** Aborting it cancels the execution as the editor's stop button does. */
	signal?: AbortSignal;
	/** Told of each node before it runs. */
	onNodeStart?: (node: string) => void;
	/** Told of each node after it ran. */
	onNodeEnd?: (run: NodeRun) => void;
}

/**
 * Runs `workflow` to its end. A node that fails is no exception: see `status` and `error`.
 *
 * @throws {Error} when the workflow cannot be started: an unknown node type, a missing parameter
 */
export async function runWorkflow(options: RunOptions): Promise<WorkflowRun> {
	const { nodeTypes, mode = 'manual' } = options;
	await binaryDataReady();

	// The engine fills in default values.
	const file = structuredClone(options.workflow);
	const settings: IWorkflowSettings = { executionOrder: 'v1', timezone: 'UTC', ...file.settings };
	const workflow = new Workflow({
		id: file.id ?? 'workflow',
		name: file.name,
		nodes: file.nodes,
		connections: file.connections,
		active: false,
		nodeTypes,
		staticData: options.staticData ?? {},
		settings,
	});
	const startNode =
		options.startNode === undefined
			? workflow.getStartNode()
			: (workflow.getNode(options.startNode) ?? undefined);
	if (startNode === undefined) {
		throw new Error(`"${file.name}" has no node ${options.startNode ?? 'to start from'}`);
	}

	const nodes: NodeRun[] = [];
	const hooks = new ExecutionLifecycleHooks(mode, '1', {
		id: workflow.id,
		name: file.name,
		nodes: file.nodes,
		connections: file.connections,
		active: false,
		activeVersionId: null,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		settings,
	});
	hooks.addHandler('nodeExecuteBefore', (node) => options.onNodeStart?.(node));
	hooks.addHandler('nodeExecuteAfter', (node, task) => {
		const run = nodeRun(node, task);
		nodes.push(run);
		options.onNodeEnd?.(run);
	});

	const execution = new WorkflowExecute(
		additionalData(
			new CredentialsInMemory(options.credentials ?? [], nodeTypes.credentialTypes),
			hooks,
		),
		mode,
		createRunExecutionData({
			executionData: {
				nodeExecutionStack: [
					{ node: startNode, data: { main: [options.input ?? [{ json: {} }]] }, source: null },
				],
			},
		}),
	).processRunExecutionData(workflow);
	const cancel = () => execution.cancel();
	options.signal?.addEventListener('abort', cancel, { once: true });
	try {
		const run = await execution;
		return { status: run.status, error: run.data.resultData.error, nodes };
	} finally {
		options.signal?.removeEventListener('abort', cancel);
	}
}

/**
 * The items that the last run of `node` put out, of its first output unless told otherwise.
 *
 * @throws {Error} when that node did not run
 */
export function outputOf(run: WorkflowRun, node: string, output = 0): INodeExecutionData[] {
	const last = run.nodes.findLast((one) => one.node === node);
	if (last === undefined) throw new Error(`The node "${node}" did not run`);
	return last.output[output] ?? [];
}

function nodeRun(node: string, task: ITaskData): NodeRun {
	return {
		node,
		time: task.executionTime,
		output: (task.data?.main ?? []).map((items) => items ?? []),
		error: task.error,
		task,
	};
}
