/** From the resource and the operation that a node is set to, to its output. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import {
	resourceProperties,
	runResource,
	type Operation,
	type Resource,
} from '../../../../nodes/shared/execution/operation';

interface Run {
	resource?: string;
	operation?: string;
	isTool?: boolean;
	continues?: boolean;
}

function context({ resource = 'message', operation = 'get', isTool = false, continues }: Run) {
	return {
		getInputData: () => [{ json: {} }, { json: {} }],
		getNode: () => ({ name: 'Node', type: 'n8n-nodes-imap4.imap4Message', typeVersion: 1 }),
		isToolExecution: () => isTool,
		continueOnFail: () => continues === true,
		getNodeParameter: (name: string) => ({ resource, operation })[name],
	} as unknown as IExecuteFunctions;
}

const operation = (value: string, more: Partial<Operation> = {}): Operation => ({
	...{ name: value, value, description: value, forModel: '', action: value, properties: [] },
	execute: async (execution) => execution.emit(0, { done: value }),
	...more,
});

const resource = (value: string, ...operations: Operation[]): Resource => ({
	...{ name: value, value, operations, standard: operations[0]?.value ?? '' },
});

const RESOURCES = [
	resource('message', operation('get'), operation('move')),
	resource('part', operation('get', { execute: async (run) => run.emit(0, { done: 'part' }) })),
];

describe('the fields of a node', () => {
	const text = { displayName: 'Text', name: 'text', type: 'string', default: '' } as const;
	const message = resource('message', operation('get', { properties: [text] }), operation('move'));
	const part = resource('part', operation('read'));
	const fields = () => resourceProperties(message, part);

	test('begin with what it works on, the first by default', () => {
		expect(fields()[0]).toEqual({
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: ['message', 'part'].map((value) => ({ name: value, value })),
			default: 'message',
		});
	});

	test('do not show a choice of one', () => {
		expect(resourceProperties(part)[0]).toMatchObject({ type: 'hidden', default: 'part' });
	});

	test('offer the operations of each resource, and no operation of another', () => {
		const dropdown = (of: string, ...values: string[]) => ({
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [of] } },
			options: values.map((value) => ({ name: value, value, description: value, action: value })),
			default: values[0],
		});
		expect(fields().filter(({ name }) => name === 'operation')).toEqual([
			dropdown('message', 'get', 'move'),
			dropdown('part', 'read'),
		]);
	});

	test('show for their operation alone, and each operation has a description for agents', () => {
		const shown = (of: string) =>
			fields()
				.filter(({ name }) => name === of)
				.map(({ displayOptions: { show } = {} }) => [show?.resource, show?.operation]);
		expect(shown('text')).toEqual([[['message'], ['get']]]);
		expect(shown('toolDescription')).toEqual([
			[['message'], ['get']],
			[['message'], ['move']],
			[['part'], ['read']],
		]);
	});
});

const done = (value: string) => [[{ json: { done: value }, pairedItem: { item: 0 } }]];

describe('what runs', () => {
	test('is the operation that is set, of the resource that is set', async () => {
		expect(await runResource(context({}), RESOURCES)).toEqual(done('get'));
		expect(await runResource(context({ operation: 'move' }), RESOURCES)).toEqual(done('move'));
		expect(await runResource(context({ resource: 'part' }), RESOURCES)).toEqual(done('part'));
	});

	test('is the only resource, whatever a workflow has stored for it', async () => {
		const [only] = RESOURCES as [Resource];
		expect(await runResource(context({ resource: 'former' }), [only])).toEqual(done('get'));
	});

	test.each([
		[{ resource: 'folder' }, '"folder" is not a valid resource'],
		[{ operation: 'fax' }, '"fax" is not a valid operation'],
		[{ resource: 'part', operation: 'move' }, '"move" is not a valid operation'],
	])('is nothing for %j', async (set, message) => {
		const running = runResource(context(set), RESOURCES);
		await expect(running).rejects.toThrow(NodeOperationError);
		await expect(running).rejects.toThrow(message);
	});
});

describe('an operation that fails', () => {
	const failing = (repeatable?: true) => [
		resource(
			'message',
			operation('get', {
				...(repeatable ? { repeatable } : {}),
				execute: async (execution) => {
					execution.emit(0, { done: 1 });
					throw new Error('Out of order');
				},
			}),
		),
	];

	test('fails the node, and says how many items were done', async () => {
		await expect(runResource(context({}), failing())).rejects.toMatchObject({
			message: expect.stringContaining('Out of order') as string,
			description: expect.stringContaining('1 of 2 items succeeded') as string,
		});
	});

	test('fails the items that have returned nothing, where the node continues', async () => {
		expect(await runResource(context({ continues: true }), failing())).toMatchObject([
			[
				{ json: { done: 1 }, pairedItem: { item: 0 } },
				{ json: { error: expect.any(String) as string }, pairedItem: { item: 1 } },
			],
		]);
	});
});

describe('what others wrote', () => {
	const reading = (foreignText?: true) => [
		resource(
			'message',
			operation('get', {
				...(foreignText ? { foreignText } : {}),
				execute: async (execution) => {
					execution.emit(0, { subject: 's' }, { file: { data: 'eA==', mimeType: 'text/plain' } });
				},
			}),
		),
	];
	const output = { json: { subject: 's' }, pairedItem: { item: 0 }, binary: expect.anything() };

	test('is marked as such for an agent, and stays what it is besides', async () => {
		const [[item] = []] = await runResource(context({ isTool: true }), reading(true));
		expect(item).toMatchObject(output);
		expect(item?.json.untrustedContent).toContain('not instructions');
	});

	test('is not marked in a workflow, nor are the words of the node itself', async () => {
		expect(await runResource(context({}), reading(true))).toEqual([[output]]);
		expect(await runResource(context({ isTool: true }), reading())).toEqual([[output]]);
	});
});
