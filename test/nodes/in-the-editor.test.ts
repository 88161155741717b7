/** What the editor and n8n itself ask of the nodes, beside running them. */
import type {
	ILoadOptionsFunctions,
	INodeCredentialDescription,
	INodeProperties,
	INodeType,
} from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { getMailboxes, searchMailboxes } from '../../nodes/shared/mailbox/mailbox-locator';
import { MOST_COUNTED_SINGLY } from '../../nodes/shared/mailbox/mailbox-list';
import {
	CREDENTIAL_TYPES,
	TARGET_CREDENTIAL_TYPES,
} from '../../nodes/shared/account/authentication';
import { box, errorOf, mail, NODES, PASSWORD, runToEnd, startServer, USER } from './run-node';

function editor(server: { host: string; port: number }): ILoadOptionsFunctions {
	return {
		getNodeParameter: () => 'plain',
		getCredentials: () =>
			Promise.resolve({ host: server.host, port: server.port, user: USER, password: PASSWORD }),
		getNode: () => ({ name: 'Node', type: 'x', typeVersion: 1, parameters: {} }),
		helpers: {},
	} as unknown as ILoadOptionsFunctions;
}

const TARGETS: ReadonlySet<string> = new Set(Object.values(TARGET_CREDENTIAL_TYPES));
const ofOwnAccount = (credentials: readonly INodeCredentialDescription[] = []) =>
	credentials.filter(({ name }) => !TARGETS.has(name));

test('only operations between accounts ask for a second credential, each for its choice', () => {
	for (const [node, { description }] of Object.entries(NODES)) {
		const targets = (description.credentials ?? []).filter(({ name }) => TARGETS.has(name));
		const expected = Object.entries(TARGET_CREDENTIAL_TYPES).map(([choice, name]) => ({
			name,
			required: true,
			testedBy: 'imap4Login',
			displayOptions: {
				show: {
					'/resource': ['message'],
					'/operation': ['copyToAccount', 'moveToAccount'],
					'/targetAuthentication': [choice],
				},
			},
		}));
		expect(targets).toEqual(node === 'imap4Message' ? expected : []);
	}
});

/** n8n hides every field of this node that a credential names, and what such a field depends on. */
test('no credential hides a field of the node but Authentication', () => {
	for (const { description } of Object.values(NODES)) {
		const named = (description.credentials ?? []).flatMap(({ displayOptions }) =>
			Object.keys(displayOptions?.show ?? {}),
		);
		const hidden = description.properties.filter(({ name }) => named.includes(name));
		expect(new Set(hidden.map(({ name }) => name))).toEqual(new Set(['authentication']));
		expect(hidden.flatMap(({ displayOptions }) => Object.keys(displayOptions?.show ?? {}))).toEqual(
			[],
		);
	}
});

/** How many come first by use, in an order of their own, see forms.test.ts. */
const FIRST_BY_USE: Readonly<Record<string, number>> = { filters: 11, attachmentFilters: 7 };

describe('the list of mailboxes', () => {
	async function filledServer(options: Parameters<typeof startServer>[0] = {}) {
		const server = await startServer(options);
		const account = server.account(USER);
		account.create('Zoo');
		account.create('Archive/2025');
		const trash = account.create('Papierkorb', '\\Trash');
		for (let count = 0; count < 1204; count++) trash.append(mail('old'));
		account.mailbox('Zoo').append(mail('one'));
		return server;
	}
	const uncounted = [
		{ name: 'INBOX', value: 'INBOX' },
		{ name: 'Papierkorb (Trash)', value: 'Papierkorb' },
		{ name: 'Archive/2025', value: 'Archive/2025' },
		{ name: 'Zoo', value: 'Zoo' },
	];
	const counted = [
		{ name: 'INBOX (0 messages)', value: 'INBOX' },
		{ name: 'Papierkorb (Trash, 1,204 messages)', value: 'Papierkorb' },
		{ name: 'Archive/2025 (0 messages)', value: 'Archive/2025' },
		{ name: 'Zoo (1 message)', value: 'Zoo' },
	];
	const asked = ({ commands }: Awaited<ReturnType<typeof startServer>>) =>
		commands.map(({ name }) => name).filter((name) => /LIST|STATUS/.test(name));

	test('INBOX first, then those with a role, then by name, with their counts in one command; what holds no messages is left out', async () => {
		const server = await filledServer();
		expect(await searchMailboxes.call(editor(server))).toEqual({ results: counted });
		expect(asked(server)).toEqual(['LIST']);
		expect(await searchMailboxes.call(editor(server), 'TRASH')).toEqual({ results: [counted[1]] });
	});

	test('without LIST-STATUS few mailboxes are counted by STATUS, many are not', async () => {
		const server = await filledServer({ capabilities: { remove: ['LIST-STATUS'] } });
		expect(await searchMailboxes.call(editor(server))).toEqual({ results: counted });
		const before = asked(server).length;
		expect(before).toBe(1 + counted.length);
		const account = server.account(USER);
		for (let count = 0; count < MOST_COUNTED_SINGLY; count++) account.create(`Zoo/${count}`);
		const { results } = await searchMailboxes.call(editor(server));
		expect(results).toEqual(expect.arrayContaining(uncounted));
		expect(asked(server)).toHaveLength(before + 1);
	});

	test('a mailbox that the server refuses to count is listed without its count', async () => {
		const server = await filledServer({
			capabilities: { remove: ['LIST-STATUS'] },
			faults: {
				on: ({ tag, line }) =>
					line.startsWith('STATUS Zoo') ? `${tag} NO not this one\r\n` : undefined,
			},
		});
		const { results } = await searchMailboxes.call(editor(server));
		expect(results).toEqual([...counted.slice(0, 3), uncounted[3]]);
	});

	test('where the list with counts is refused, the plain list comes', async () => {
		const server = await filledServer({
			faults: {
				on: ({ tag, line }) =>
					/^(LIST.*)?STATUS/.test(line) ? `${tag} BAD unknown\r\n` : undefined,
			},
		});
		expect(await searchMailboxes.call(editor(server))).toEqual({ results: uncounted });
	});

	test('as choices of several, what is chosen already stays among them', async () => {
		const server = await filledServer();
		const chosen = (mailboxes: unknown) =>
			getMailboxes.call({
				...editor(server),
				getCurrentNodeParameter: () => mailboxes,
			} as ILoadOptionsFunctions);
		expect(await chosen(['Zoo', 'Gone/2024'])).toEqual([
			...counted,
			{ name: 'Gone/2024', value: 'Gone/2024' },
		]);
		expect(await chosen('={{ $json.boxes }}')).toEqual(counted);
	});

	test('an error says what is wrong', async () => {
		await expect(searchMailboxes.call(editor({ host: '127.0.0.1', port: 1 }))).rejects.toThrow(
			/List mailboxes failed: Nothing accepts connections/,
		);
	});
});

describe('where the n8n instance restricts outgoing connections', () => {
	const filtered = (server: { host: string; port: number }, ok: boolean) => {
		const asked: string[] = [];
		const context = editor(server);
		Object.assign(context.helpers, {
			getSecureEgressFilter: () => ({
				validateConnectionHost: (host: string) => {
					asked.push(host);
					return ok ? { ok } : { ok, error: new Error('The address is blocked') };
				},
				createSecureLookup:
					() =>
					(
						name: string,
						{ all }: { all?: boolean },
						done: (error: Error | null, found: unknown, family?: number) => void,
					) => {
						asked.push(name);
						if (all) done(null, [{ address: server.host, family: 4 }]);
						else done(null, server.host, 4);
					},
			}),
		});
		return { context, asked };
	};

	test('a forbidden address is not connected to', async () => {
		const server = await startServer();
		const { context } = filtered(server, false);
		await expect(searchMailboxes.call(context)).rejects.toThrow('The address is blocked');
		expect(server.connections.total).toBe(0);
	});

	test('names are looked up as n8n wants it', async () => {
		const server = await startServer();
		const { context, asked } = filtered(server, true);
		context.getCredentials = () =>
			Promise.resolve({
				host: 'mail.invalid',
				port: server.port,
				user: USER,
				password: PASSWORD,
			} as never);
		expect((await searchMailboxes.call(context)).results).toHaveLength(1);
		expect(asked).toEqual(['mail.invalid', 'mail.invalid']);
	});
});

test('stopping the execution stops the node between two commands', async () => {
	const stop = new AbortController();
	const server = await startServer({
		faults: {
			on: ({ line }) => {
				if (line.startsWith('UID SEARCH')) stop.abort();
				return undefined;
			},
		},
	});
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	const run = await runToEnd({
		node: 'imap4Message',
		operation: 'delete',
		server,
		signal: stop.signal,
		parameters: {
			messages: 'search',
			mailbox: box('INBOX'),
			filters: { subject: 'one' },
			deleteMode: 'permanent',
		},
	});
	expect(run.status).toBe('canceled');
	expect(inbox.messages).toHaveLength(1);
	expect(server.commands.map(({ name }) => name)).not.toContain('UID STORE');
});

test('a mailbox that can only be read is not changed, and says so', async () => {
	const server = await startServer({
		faults: {
			on: ({ tag, line }) =>
				line.startsWith('SELECT') ? `* 1 EXISTS\r\n${tag} OK [READ-ONLY] done\r\n` : undefined,
		},
	});
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	const { message, description } = await errorOf({
		node: 'imap4Flags',
		operation: 'add',
		server,
		items: [{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 1 }],
		parameters: { systemFlags: ['\\Seen'] },
	});
	expect(message).toContain('mailbox "INBOX"');
	expect(description).toContain('read-only access');
	expect(server.commands.map(({ name }) => name)).not.toContain('UID STORE');
});

describe.each<[string, INodeType]>(Object.entries(NODES))(
	'the description of %s',
	(_name, node) => {
		const { description } = node;
		const dropdowns = description.properties.filter(({ name }) => name === 'operation');

		test('names the IMAP command of each operation', () => {
			expect(dropdowns.length).toBeGreaterThan(0);
			for (const { options = [], default: standard } of dropdowns) {
				for (const option of options) {
					expect(option).toMatchObject({
						action: expect.stringMatching(
							/^[A-Z][a-z ]+(?:(?:IMAP|EML|ACL|Gmail)[a-z ]*)?$/,
						) as string,
						description: expect.stringMatching(/\(.*[A-Z]{2,}.*\)|extension command/) as string,
					});
				}
				const names = options.map(({ name }) => name);
				expect(names).toEqual([...names].sort());
				expect(options.map((option) => ('value' in option ? option.value : ''))).toContain(
					standard,
				);
			}
		});

		test('takes every kind of credential, each for its choice', () => {
			const dropdown = description.properties.find(({ name }) => name === 'authentication');
			const choices = (dropdown?.options ?? []).map((one) => ('value' in one ? one.value : ''));
			expect([...choices].sort()).toEqual(Object.keys(CREDENTIAL_TYPES).sort());
			expect(
				Object.fromEntries(
					ofOwnAccount(description.credentials).map(({ name, testedBy, displayOptions }) => [
						displayOptions?.show?.authentication?.[0],
						[name, testedBy],
					]),
				),
			).toEqual(
				Object.fromEntries(
					Object.entries(CREDENTIAL_TYPES).map(([choice, type]) => [
						choice,
						// n8n's own node tests its credential.
						[type, type === 'imap' ? undefined : 'imap4Login'],
					]),
				),
			);
			expect(description.usableAsTool).toBe(true);
		});

		test('shows no field twice for the same settings', () => {
			const seen = new Set<string>();
			for (const { name, displayOptions } of description.properties) {
				const key = JSON.stringify([name, displayOptions]);
				expect(seen).not.toContain(key);
				seen.add(key);
			}
		});

		test('orders lists of five and more, and words booleans as a question', () => {
			const check = (property: INodeProperties): void => {
				if (property.type === 'boolean') expect(property.description).toMatch(/^Whether /);
				const options = property.options ?? [];
				if (options.length >= 5 && property.name !== 'operation') {
					const all = options.map((one) => ('displayName' in one ? one.displayName : one.name));
					const names = all.slice(FIRST_BY_USE[property.name] ?? 0);
					expect([property.name, names]).toEqual([
						property.name,
						[...names].sort((a, b) => a.localeCompare(b)),
					]);
				}
				for (const one of options) {
					if ('type' in one) check(one);
					if ('values' in one) one.values.forEach(check);
				}
			};
			description.properties.forEach(check);
		});
	},
);
