/**
 * What holds for every operation of every node when something goes wrong: a clear error on the right
 * item, Continue On Fail keeps the others, and nothing is told as done that isn't.
 */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../server';
import { operations, type OperationCase } from './operations';
import {
	errorOf,
	jsonOf,
	mail,
	NODES,
	PASSWORD,
	RESOURCES,
	startServer,
	TARGET_USER,
	USER,
} from './run-node';

const BOXES = ['One', 'Two'];
const named = operations.map(
	(one) => [`${one.node} ${one.resource ?? RESOURCES[one.node]}: ${one.operation}`, one] as const,
);

function withAttachment(subject: string): string {
	return [
		'From: Bert <bert@example.org>',
		`Subject: ${subject}`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'Content-Type: text/plain',
		'',
		'Text',
		'--b',
		'Content-Type: text/csv',
		'Content-Disposition: attachment; filename=a.csv',
		'',
		'1,2',
		'--b--',
		'',
	].join('\r\n');
}

/** Mailboxes One and Two, each with a starred message and one that is marked as deleted. */
async function filled(options: MemoryServerOptions): Promise<MemoryServer> {
	const server = await startServer({
		quotaBytes: 1024 ** 2,
		isAdministrator: () => true,
		...options,
	});
	server.addAccount(TARGET_USER, PASSWORD);
	const account = server.account(USER);
	account.create('Target');
	for (const name of BOXES) {
		const mailbox = account.create(name);
		mailbox.append(withAttachment(`in ${name}`), { flags: ['\\Flagged'] });
		mailbox.append(mail('to go'), { flags: ['\\Deleted'] });
	}
	return server;
}

/** An item for each mailbox, with the reference to its first message. */
function itemsOf(server: MemoryServer, names = BOXES): IDataObject[] {
	return names.map((name) => {
		const known = BOXES.includes(name);
		const uidValidity = known ? server.account(USER).mailbox(name).uidValidity : 1;
		return { box: name, mailbox: name, uidValidity, uid: 1 };
	});
}

const run = ({ node, operation, parameters, resource }: OperationCase, server: MemoryServer) => ({
	node,
	operation,
	parameters,
	resource,
	server,
	items: itemsOf(server),
});

/** All that can be seen of the account from outside, but for what reading may change. */
function state(server: MemoryServer): unknown {
	const account = server.account(USER);
	return [...account.list()]
		.map(({ name }) => name)
		.sort()
		.map((name) => {
			const { messages } = account.mailbox(name);
			return { name, messages: messages.map(({ uid, flags }) => [uid, [...flags].sort()]) };
		});
}

test('the table names every operation there is', () => {
	const there = Object.entries(NODES).flatMap(([node, { description }]) =>
		description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options = [], displayOptions }: INodeProperties) =>
				options.map((option) => {
					const resource = String(displayOptions?.show?.resource?.[0]);
					return `${node} ${resource}: ${'value' in option ? String(option.value) : ''}`;
				}),
			),
	);
	expect(named.map(([name]) => name).sort()).toEqual(there.sort());
});

describe.each(named)('%s', (_name, one) => {
	const seeded = ({ capabilities, ...options }: MemoryServerOptions = {}) =>
		filled({ ...options, capabilities: { add: one.offers ?? [], ...capabilities } });

	test('works with the parameters of the table, on each item', async () => {
		const server = await seeded();
		const output = await jsonOf(run(one, server));
		expect(output.length).toBeGreaterThanOrEqual(one.operation === 'getMany' ? 0 : 2);
		expect(server.commands.map(({ name }) => name)).toContain(one.command);
		expect(JSON.stringify(output)).not.toContain('"error"');
	});

	if (one.on !== 'nothing')
		test('a mailbox that is not there', async () => {
			const server = await seeded();
			const items = itemsOf(server, ['Nowhere', 'Two']);
			const before = state(server);
			const { message, description } = await errorOf({ ...run(one, server), items });
			expect(message).toContain('mailbox "Nowhere"');
			// Several messages are stored at a time, so others may be in before one fails; the error tells.
			if (one.operation === 'create' && one.command === 'APPEND')
				expect(description).toContain('1 of 2 items succeeded');
			else expect(state(server)).toEqual(before);
			const output = await jsonOf({ ...run(one, server), items, continueOnFail: true });
			expect(output[0]).toMatchObject({ error: expect.stringContaining('Nowhere') as string });
			expect(output.filter(({ error }) => error !== undefined)).toHaveLength(1);
		});

	test('no right', async () => {
		const server = await seeded({
			faults: {
				on: ({ tag, line }) =>
					line.startsWith(one.command) ? `${tag} NO [NOPERM] Not for you\r\n` : undefined,
			},
		});
		const { message, description } = await errorOf(run(one, server));
		expect(message).toContain('Not for you [NOPERM]');
		expect(description).toContain('permission');
		const output = await jsonOf({ ...run(one, server), continueOnFail: true });
		expect(output).toHaveLength(2);
		for (const json of output) {
			expect(json).toEqual({
				error: expect.stringContaining('Not for you [NOPERM]') as string,
				details: expect.any(String) as string,
			});
		}
	});

	test('the connection is lost while it is at work', async () => {
		let server: MemoryServer | undefined = undefined;
		const faults = {
			on: ({ line }: { line: string }) => {
				if (!line.startsWith(one.command)) return undefined;
				server?.cutAll();
				return '';
			},
		};
		server = await seeded({ faults });
		const output = await jsonOf({ ...run(one, server), continueOnFail: true });
		expect(output).toHaveLength(2);
		for (const json of output) {
			expect(Object.keys(json).sort()).toEqual(['details', 'error']);
			expect(json.error).toMatch(/failed.*(connection|closed|lost)/i);
		}
	});

	if (one.needs)
		test('a capability is missing', async () => {
			const server = await seeded({ capabilities: { remove: one.needs } });
			const before = state(server);
			const { message, description } = await errorOf(run(one, server));
			expect(message).toContain(one.needs?.[0]);
			expect(message).toMatch(/capability|offer|lacks/i);
			expect(description).not.toBe('');
			expect(state(server)).toEqual(before);
		});

	if (one.stores)
		test('over quota', async () => {
			const server = await seeded();
			server.account(USER).quota.octetLimit = 1;
			const before = state(server);
			const { message, description } = await errorOf(run(one, server));
			expect(message).toContain('[OVERQUOTA]');
			expect(description).toContain('full');
			expect(state(server)).toEqual(before);
		});
});
