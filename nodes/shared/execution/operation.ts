/** An operation of a node, and the router from the dropdown to it. */
import {
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { shownWhen } from '../fields/shown-when';
import { markedAsForeign, runsAsTool } from './ai-tool';
import { toolDescription } from './tool-description';
import { Execution } from './execution';

/** Treats all items. Throws, or with Continue On Fail reports, through the execution. */
export type Work = (execution: Execution) => Promise<void>;

export interface Operation extends INodePropertyOptions {
	/** As stored in workflows; never to be changed. */
	value: string;
	/** Names the IMAP command. */
	description: string;
	/** What the model of an AI agent has to know besides: when to use it, what it returns, what it never does. */
	forModel: string;
	/** In sentence case, without article. */
	action: string;
	/** The fields that show for this operation. */
	properties: INodeProperties[];
	/** Whether it returns what others wrote, which is marked as such for the model of an AI agent. */
	foreignText?: true;
	/** Whether it looks for what is done already, so that it can run again after a connection broke. */
	repeatable?: true;
	/** Its scope and its work, as {@link onAccount}, {@link onMailbox} and the like declare them. */
	execute: Work;
}

/** The dropdown of what a node works on; the first is the default. */
function resourceProperty(
	first: INodePropertyOptions,
	...others: INodePropertyOptions[]
): INodeProperties {
	const { value: standard } = first;
	return {
		displayName: 'Resource',
		name: 'resource',
		// One choice is none; n8n lists the actions of the node by it all the same.
		type: others.length > 0 ? 'options' : 'hidden',
		noDataExpression: true,
		options: [first, ...others],
		default: standard,
	};
}

/** The dropdown of a resource's operations, and the fields of each. */
function operationProperties(
	resource: string,
	operations: readonly Operation[],
	standard: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [resource] } },
			options: operations.map(({ name, value, description, action }) => ({
				name,
				value,
				description,
				action,
			})),
			default: standard,
		},
		...operations.flatMap((operation) =>
			[toolDescription(operation), ...operation.properties].map((property) =>
				shownWhen({ resource: [resource], operation: [operation.value] }, property),
			),
		),
	];
}

/** What a node works on, and what it can do with it. */
export interface Resource extends INodePropertyOptions {
	/** As stored in workflows; never to be changed. */
	value: string;
	operations: readonly Operation[];
	/** The operation chosen at first. */
	standard: string;
}

/** The dropdowns and fields of a node; the first resource is the default. */
export function resourceProperties(first: Resource, ...others: Resource[]): INodeProperties[] {
	const option = ({ name, value }: Resource): INodePropertyOptions => ({ name, value });
	return [
		resourceProperty(option(first), ...others.map(option)),
		...[first, ...others].flatMap(({ value, operations, standard }) =>
			operationProperties(value, operations, standard),
		),
	];
}

/** Runs the operation that the node is set to, for all items. */
export async function runResource(
	context: IExecuteFunctions,
	resources: readonly Resource[],
): Promise<INodeExecutionData[][]> {
	const wanted = context.getNodeParameter('resource', 0);
	const [only] = resources;
	const resource = resources.length === 1 ? only : resources.find(({ value }) => value === wanted);
	if (!resource) {
		throw new NodeOperationError(context.getNode(), `"${wanted}" is not a valid resource`);
	}
	return runOperation(context, resource.operations);
}

/** Runs the operation that the node is set to, for all items. */
async function runOperation(
	context: IExecuteFunctions,
	operations: readonly Operation[],
): Promise<INodeExecutionData[][]> {
	const wanted = context.getNodeParameter('operation', 0);
	const operation = operations.find(({ value }) => value === wanted);
	if (!operation) {
		throw new NodeOperationError(context.getNode(), `"${wanted}" is not a valid operation`);
	}
	const execution = new Execution(context, operation.action, operation.repeatable);
	try {
		await execution.guarded(execution.allItems, undefined, () => operation.execute(execution));
	} catch (error) {
		execution.tellDone(error);
		throw error;
	}
	const output = execution.output();
	if (!operation.foreignText || !runsAsTool(context)) return [output];
	return [output.map((item) => ({ ...item, json: markedAsForeign(item.json) }))];
}
