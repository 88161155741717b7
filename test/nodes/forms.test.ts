/** The forms of nodes and credentials: an example in each free field, and what everyone needs first. */
import {
	NodeHelpers,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
} from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import {
	packageCredentials,
	packageNodes,
	type DocumentedNode,
} from '../../docs/generator/package-nodes';

type Field = INodeProperties | INodePropertyCollection;

/** All fields, those within collections included. */
function* fieldsOf(fields: readonly Field[]): Generator<INodeProperties> {
	for (const field of fields) {
		if ('values' in field) {
			yield* fieldsOf(field.values);
			continue;
		}
		if (!('type' in field)) continue;
		yield field;
		if (field.type === 'collection' || field.type === 'fixedCollection') {
			yield* fieldsOf((field.options ?? []) as Field[]);
		}
	}
}

/** Texts to fill in: what a field has as its default is its own example. */
function examplesMissing(fields: readonly INodeProperties[]): string[] {
	return [...fieldsOf(fields)]
		.filter(({ type, default: usual }) => type === 'string' && usual === '')
		.filter(({ typeOptions }) => typeOptions?.password !== true)
		.filter(({ placeholder }) => !placeholder?.startsWith('e.g. '))
		.map(({ displayName, placeholder }) => `${displayName}: ${placeholder ?? 'no placeholder'}`);
}

let nodes: DocumentedNode[];
let credentials: Awaited<ReturnType<typeof packageCredentials>>;
beforeAll(async () => {
	nodes = await packageNodes();
	credentials = await packageCredentials();
});

/** What the form shows when these parameters are set, and the others are as they come. */
function shownFields(name: string, parameters: INodeParameters): INodeProperties[] {
	const description = nodes.find(({ type }) => type.description.name === name)?.type.description;
	if (!description) throw new Error(`There is no node ${name}`);
	const node = { typeVersion: 1 };
	const values = NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		node,
		description,
	) as INodeParameters;
	return description.properties.filter(
		(property) =>
			property.type !== 'hidden' &&
			NodeHelpers.displayParameter(values, property, node, description),
	);
}

test('each free field of a node has an example', () => {
	const missing = nodes.flatMap(({ type }) => examplesMissing(type.description.properties));
	expect([...new Set(missing)]).toEqual([]);
});

test('each free field of a credential has an example', () => {
	const missing = Object.values(credentials).flatMap(({ properties }) =>
		examplesMissing(properties),
	);
	expect([...new Set(missing)]).toEqual([]);
});

describe('filters', () => {
	const shown = (type: string, operation: string): string[] =>
		(
			nodes.find(({ type: { description } }) => description.name === type)?.type.description
				.properties ?? []
		)
			.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(operation))
			.map(({ name }) => name);

	test.each([
		['getMany', 'order'],
		['getThreads', 'algorithm'],
	])('come before the order in %s', (operation, later) => {
		const names = shown('imap4Message', operation);
		expect(names).toContain('filters');
		expect(names.indexOf('filters')).toBeLessThan(names.indexOf(later));
	});

	test('begin with the usual ones', () => {
		const message = nodes.find(({ page }) => page === 'message');
		const filters = message?.type.description.properties.find(({ name }) => name === 'filters');
		const names = (filters?.options ?? []).map(({ name }) => name);
		expect(names.slice(0, 11)).toEqual([
			...['from', 'subject', 'readStatus', 'since', 'before', 'hasAttachments', 'to', 'text'],
			...['flags', 'keyword', 'header'],
		]);
		expect(names.length).toBeGreaterThan(20);
	});

	test('of attachments are in the order in which they are needed', () => {
		const message = nodes.find(({ page }) => page === 'message');
		const lists = (message?.type.description.properties ?? []).filter(
			({ name }) => name === 'attachmentFilters',
		);
		expect(lists.length).toBeGreaterThan(0);
		for (const { options = [] } of lists) {
			expect(options.map(({ name }) => name)).toEqual([
				...['names', 'mediaTypes', 'larger', 'smaller', 'includeInline', 'includeNested', 'parts'],
			]);
		}
	});
});

test('fields that are shown together have different labels', () => {
	const asUsual = (name: string): INodeParameters[] => {
		const properties = nodes.find(({ type }) => type.description.name === name)?.type.description
			.properties;
		return (properties ?? [])
			.filter((property) => property.name === 'operation')
			.flatMap(({ options = [], displayOptions }) =>
				options.map((option) => ({
					...(displayOptions?.show?.resource && { resource: displayOptions.show.resource[0] }),
					operation: 'value' in option ? option.value : '',
				})),
			);
	};
	for (const { type } of nodes) {
		const { name } = type.description;
		const forms = [{}, ...asUsual(name), { delivery: 'acknowledged' }];
		for (const parameters of forms) {
			const labels = shownFields(name, parameters)
				.filter((property) => property.type !== 'notice')
				.map(({ displayName }) => displayName);
			expect([name, parameters, labels]).toEqual([name, parameters, [...new Set(labels)]]);
		}
	}
});

describe('a notice stands where a choice has a cost, and only there', () => {
	const noticesOf = (name: string, parameters: INodeParameters): string[] =>
		shownFields(name, parameters)
			.filter(({ type }) => type === 'notice')
			.map((property) => property.name);
	const message = { resource: 'message', operation: 'getMany' };

	test.each<[string, INodeParameters, string[]]>([
		['imap4Message', message, []],
		['imap4Message', { ...message, returnAll: true }, ['returnAllNotice']],
		['imap4Message', { ...message, filters: { text: 'order' } }, ['textSearchNotice']],
		['imap4Message', { ...message, filters: { body: 'x', since: 'y' } }, ['bodySearchNotice']],
		['imap4Message', { ...message, filters: { subject: 'x' } }, []],
		['imap4Message', { ...message, searchIn: 'paths' }, ['rangeNotice']],
		['imap4Message', { ...message, searchIn: 'roles' }, []],
		['imap4Message', { ...message, operation: 'delete' }, []],
		[
			'imap4Message',
			{ ...message, operation: 'delete', deleteMode: 'permanent' },
			['permanentNotice'],
		],
		['imap4Mailbox', { resource: 'mailbox', operation: 'delete' }, ['deleteNotice']],
		['imap4Mailbox', { resource: 'mailbox', operation: 'empty' }, ['emptyNotice']],
		['imap4Mailbox', { resource: 'mailbox', operation: 'getMany' }, []],
		['imap4MessageTrigger', {}, []],
		['imap4MessageTrigger', { options: { waitForNew: false } }, []],
		['imap4MessageTrigger', { options: { waitForNew: true } }, ['waitForNewNotice']],
	])('%s %j: %j', (name, parameters, shown) => {
		expect(noticesOf(name, parameters)).toEqual(shown);
	});
});

test('a node with a single resource does not ask for it', () => {
	for (const { type } of nodes) {
		const resource = type.description.properties.find(({ name }) => name === 'resource');
		if (!resource) continue;
		const several = (resource.options ?? []).length > 1;
		expect([type.description.name, resource.type]).toEqual([
			type.description.name,
			several ? 'options' : 'hidden',
		]);
	}
});

test('the canvas shows below a node what it does, in words', () => {
	const shown = (name: string, $parameter: object): unknown => {
		const subtitle = nodes.find(({ type }) => type.description.name === name)?.type.description
			.subtitle;
		return subtitle
			?.replace(/^=/, '')
			.replace(/\{\{(.+?)\}\}/g, (_whole, expression: string) =>
				String(new Function('$parameter', `return ${expression}`)($parameter)),
			);
	};
	expect(shown('imap4Message', { operation: 'getMany', resource: 'message' })).toBe(
		'Get many: message',
	);
	expect(shown('imap4Mailbox', { operation: 'empty' })).toBe('Empty');
	expect(shown('imap4MessageTrigger', { event: 'messageReceived' })).toBe('Message received');
});
