/**
 * An expression that comes out empty never widens what is selected, never turns a guard off, and never
 * becomes a text such as "undefined": every such field of every operation, one by one.
 */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServer } from '../server';
import {
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	startServer,
	USER,
	type NodeRunOptions,
} from './run-node';

const NOTHING: readonly unknown[] = [undefined, null, NaN, [], {}];
const EMPTY: readonly unknown[] = ['', '  ', ...NOTHING];
const V = '={{ $json.v }}';

type Case = readonly [
	node: NodeRunOptions['node'],
	operation: string,
	/** As in the editor. */
	label: string,
	parameters: INodeParameters,
	/** What is refused in it. */
	values: readonly unknown[],
	resource?: string,
];

const inbox = { mailbox: box('INBOX') };
const uids = { messages: 'uids', ...inbox, uids: '1:*' };
const entry = { place: 'mailbox', ...inbox, entry: '/private/comment' };
const limits = (limit: INodeParameters) => ({ root: '', limits: { limit: [limit] } });
const attachments = (filter: INodeParameters) => ({ ...uids, attachmentFilters: filter });
const filtered = (filter: INodeParameters) => ({ filters: filter });

const cases: readonly Case[] = [
	...(['move', 'copy', 'delete'] as const).flatMap((operation): Case[] => {
		const more = { ...uids, destination: box('Target'), deleteMode: 'permanent' };
		return [
			['imap4Message', operation, 'Dry Run', { ...more, dryRun: V }, EMPTY],
			['imap4Message', operation, 'Stop If More Than', { ...more, stopIfMoreThan: V }, EMPTY],
			['imap4Message', operation, 'UIDs', { ...more, uids: V }, EMPTY],
		];
	}),
	['imap4Message', 'delete', 'Delete Mode', { ...uids, deleteMode: V }, EMPTY],
	...(['move', 'copy'] as const).map((operation): Case => {
		const parameters = { ...uids, destination: box('Missing'), createIfMissing: V };
		return ['imap4Message', operation, 'Create Mailbox If Missing', parameters, EMPTY];
	}),
	[
		'imap4Message',
		'create',
		'Dry Run',
		{ ...inbox, source: 'raw', raw: mail('x'), dryRun: V },
		EMPTY,
	],
	['imap4Message', 'create', 'Message', { ...inbox, source: 'raw', raw: V }, EMPTY],
	...(['From', 'To', 'Subject', 'Text'] as const).map((label): Case => {
		const parameters = { ...inbox, [label.toLowerCase()]: V };
		return ['imap4Message', 'create', label, parameters, NOTHING];
	}),
	...Object.entries({
		...{ bcc: 'BCC', cc: 'CC', replyTo: 'Reply To', references: 'References' },
		...{ html: 'HTML', attachments: 'Attachments' },
	}).map(([name, label]): Case => {
		const parameters = { ...inbox, composeOptions: { [name]: V } };
		// A message without some of these has an empty list.
		const values = NOTHING.filter((value) => !Array.isArray(value) || name === 'html');
		return ['imap4Message', 'create', label, parameters, values];
	}),
	['imap4Message', 'create', 'Message Source', { ...inbox, source: V, raw: mail('x') }, EMPTY],
	...['draft', 'flagged', 'seen'].map((name): Case => {
		const label = { draft: 'Draft', flagged: 'Flagged', seen: 'Read' }[name] as string;
		const parameters = { ...inbox, source: 'raw', raw: mail('x'), createOptions: { [name]: V } };
		return ['imap4Message', 'create', label, parameters, EMPTY];
	}),
	[
		'imap4Message',
		'create',
		'Keywords',
		{ ...inbox, source: 'raw', raw: mail('x'), createOptions: { keywords: V } },
		NOTHING,
	],
	[
		'imap4Message',
		'create',
		'Received Date',
		{ ...inbox, source: 'raw', raw: mail('x'), createOptions: { date: V } },
		EMPTY,
	],
	[
		'imap4Message',
		'download',
		'Mark as Read',
		{ ...uids, downloadOptions: { markAsRead: V } },
		EMPTY,
	],
	...(['getMany', 'download'] as const).flatMap((operation): Case[] =>
		(
			[
				['Part Numbers', 'parts'],
				['Media Types', 'mediaTypes'],
				['Names', 'names'],
				['Larger Than (Bytes)', 'larger'],
				['Smaller Than (Bytes)', 'smaller'],
				['Include Inline', 'includeInline'],
			] as const
		).map(([label, name]) => [
			'imap4Message',
			operation,
			label,
			attachments({ [name]: V }),
			EMPTY,
			'attachment',
		]),
	),
	...(['add', 'remove', 'set'] as const).flatMap((operation): Case[] => [
		[
			'imap4Flags',
			operation,
			'Keywords',
			{ ...uids, systemFlags: ['\\Seen'], keywords: V },
			NOTHING,
		],
		[
			'imap4Flags',
			operation,
			'Only If Unchanged Since',
			{ ...uids, keywords: 'k', unchangedSince: V },
			EMPTY,
		],
		['imap4Flags', operation, 'Dry Run', { ...uids, keywords: 'k', dryRun: V }, EMPTY],
	]),
	// "Set" would take every flag away.
	['imap4Flags', 'set', 'Keywords', { ...uids, systemFlags: [], keywords: V }, EMPTY],
	['imap4Flags', 'set', 'System Flags', { ...uids, systemFlags: V, keywords: '' }, EMPTY],
	['imap4Flags', 'acknowledge', 'Keyword', { ...uids, acknowledgeKeyword: V }, EMPTY],
	['imap4Flags', 'acknowledge', 'Mark as Read', { ...uids, markAsRead: V }, EMPTY],
	['imap4Mailbox', 'create', 'Subscribe', { path: 'New', mailboxOptions: { subscribe: V } }, EMPTY],
	[
		'imap4Mailbox',
		'create',
		'Ignore If It Exists',
		{ path: 'New', mailboxOptions: { ignoreExisting: V } },
		EMPTY,
	],
	[
		'imap4Mailbox',
		'create',
		'Special Use',
		{ path: 'New', mailboxOptions: { specialUse: V } },
		EMPTY,
	],
	['imap4Mailbox', 'create', 'Dry Run', { path: 'New', dryRun: V }, EMPTY],
	...(['delete', 'empty', 'expunge', 'subscribe', 'unsubscribe', 'rename'] as const).map(
		(operation): Case => [
			'imap4Mailbox',
			operation,
			'Dry Run',
			{ mailbox: box('Target'), newPath: 'New', dryRun: V },
			EMPTY,
		],
	),
	[
		'imap4Mailbox',
		'empty',
		'Older Than (Days)',
		{ mailbox: box('Target'), olderThanDays: V },
		EMPTY,
	],
	['imap4Mailbox', 'getMany', 'Pattern', filtered({ pattern: V }), EMPTY],
	['imap4Mailbox', 'getMany', 'Selectable Only', filtered({ selectable: V }), EMPTY],
	['imap4Mailbox', 'getMany', 'Special Use Only', filtered({ specialUse: V }), EMPTY],
	['imap4Mailbox', 'getMany', 'Subscribed Only', filtered({ subscribed: V }), EMPTY],
	['imap4Mailbox', 'getMany', 'Limit', { limit: V }, EMPTY],
	['imap4Mailbox', 'getMany', 'Return All', { returnAll: V }, EMPTY],
	[
		'imap4Acl',
		'set',
		'Identifier',
		{ ...inbox, identifier: V, rightsFrom: 'role', role: 'owner' },
		EMPTY,
	],
	['imap4Acl', 'delete', 'Identifier', { ...inbox, identifier: V }, EMPTY],
	[
		'imap4Acl',
		'set',
		'Letters',
		{ ...inbox, identifier: 'b', rightsFrom: 'letters', letters: V },
		NOTHING,
	],
	[
		'imap4Acl',
		'set',
		'Rights',
		{ ...inbox, identifier: 'b', rightsFrom: 'list', rights: V },
		['', null, NaN, {}],
	],
	[
		'imap4Quota',
		'set',
		'Quota Root',
		{ ...limits({ resource: 'STORAGE', limit: 9 }), root: V },
		NOTHING,
	],
	['imap4Quota', 'set', 'Resource', limits({ resource: V, limit: 9 }), EMPTY],
	[
		'imap4Quota',
		'set',
		'Remove Other Limits',
		{ ...limits({ resource: 'STORAGE', limit: 9 }), removeOthers: V },
		EMPTY,
	],
	['imap4Annotation', 'set', 'Value', { ...entry, value: V }, NOTHING],
	['imap4Annotation', 'set', 'Belongs To', { ...entry, place: V, value: 'x' }, EMPTY],
	['imap4Annotation', 'getMany', 'Entry Prefix', { ...entry, below: V }, EMPTY],
	['imap4Server', 'sendCommand', 'Command', { command: V, mailboxPath: '' }, EMPTY],
	[
		'imap4Server',
		'sendCommand',
		'Mailbox to Open First',
		{ command: 'NOOP', mailboxPath: V },
		NOTHING,
	],
	[
		'imap4Server',
		'sendCommand',
		'Read-Only',
		{ command: 'CHECK', mailboxPath: 'INBOX', readOnly: V },
		EMPTY,
	],
];

const CHANGES =
	/^(?:STORE|EXPUNGE|MOVE|COPY|APPEND|CREATE|DELETE|RENAME|SUBSCRIBE|UNSUBSCRIBE|SETACL|DELETEACL|SETQUOTA|SETMETADATA|CHECK|NOOP|UID (?:STORE|EXPUNGE|MOVE|COPY))$/;

async function account(): Promise<MemoryServer> {
	const server = await startServer({ quotaBytes: 1024 ** 2, isAdministrator: () => true });
	server
		.account(USER)
		.create('Target')
		.append(mail('to keep'), { flags: ['\\Deleted'] });
	server
		.account(USER)
		.mailbox('INBOX')
		.append(mail('one'), { flags: ['\\Flagged'] });
	return server;
}

const named = cases.map(([node, operation, label, parameters, values, resource]) => ({
	...{ node, operation, label, parameters, values, resource },
}));

describe.each(named)('$node $operation: $label', ({ label, values, ...one }) => {
	test.each(values.map((v) => ({ v })))('$v', async ({ v }) => {
		const server = await account();
		const { message } = await errorOf({ ...one, server, items: [{ v } as never] });
		expect(message).toContain(`"${label}"`);
		expect(commandNames(server).filter((name) => CHANGES.test(name) && name !== 'NOOP')).toEqual(
			[],
		);
	});
});

test('"Act As User" that is an empty expression is not the default user', async () => {
	const server = await account();
	for (const v of NOTHING) {
		const { message } = await errorOf({
			...{ node: 'imap4Mailbox', operation: 'getMany', server, authentication: 'proxyAuth' },
			credential: { security: 'none', method: 'sasl', defaultActAsUser: 'bert' },
			parameters: { actAsUser: V },
			items: [{ v } as never],
		});
		expect(message).toMatch(/"Act As User" (?:is empty|must be text)/);
	}
	expect(server.connections.total).toBe(0);
});

test('what is left empty by hand stays what it was', async () => {
	const server = await account();
	const keep = { node: 'imap4Flags', server } as const;
	await jsonOf({
		...keep,
		operation: 'add',
		parameters: { ...uids, keywords: 'k', unchangedSince: '' },
	});
	await jsonOf({
		...keep,
		operation: 'set',
		parameters: { ...uids, systemFlags: [], keywords: '' },
	});
	const [message] = server.account(USER).mailbox('INBOX').messages;
	expect([...(message?.flags ?? [])].filter((flag) => flag !== '\\Recent')).toEqual([]);
});
