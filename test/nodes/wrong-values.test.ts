/**
 * A field whose expression comes out as something else than the field holds is refused, by the name that it
 * has in the editor: each field of each operation, and each of the trigger.
 */
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { Imap4MessageTrigger } from '../../nodes/Imap4MessageTrigger/Imap4MessageTrigger.node';
import { operations } from './operations';
import {
	box,
	jsonOf,
	mail,
	NODES,
	PASSWORD,
	RESOURCES,
	startServer,
	TARGET_USER,
	USER,
} from './run-node';
import { Poller } from './trigger/poller';
import { fieldsOf, type Field } from './wrong-values';

/** What is right for some fields all the same. */
const RIGHT: Record<string, (value: unknown) => boolean> = {
	// A server without UIDVALIDITY.
	referenceUidValidity: (value) => value === null,
	// The first page, and behind the last one.
	cursor: (value) => value === null || JSON.stringify(value ?? {}) === '{}' || value !== value,
	// Keywords, as Get Many returns them among the flags.
	systemFlags: (value) => JSON.stringify(value) === '["nonsense"]',
	changedFlags: (value) => JSON.stringify(value) === '["nonsense"]',
	mailboxes: (value) => JSON.stringify(value) === '["nonsense"]',
	// Servers have others of their own, and any text is one.
	'mailboxOptions.specialUse': (value) => value === 'nonsense' || value === 7,
};
/** n8n itself looks at these before the node does. */
const LEFT_OUT = ['messages', 'authentication', 'targetAuthentication'];

function applicable({ path, wrong }: Field): unknown[] {
	return wrong.filter((value) => RIGHT[path]?.(value) !== true);
}

const isNamed = ({ labels }: Field, message: unknown): boolean =>
	labels.some((label) => String(message).includes(`"${label}`));

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

const named = operations.map(
	(one) => [`${one.node} ${one.resource ?? RESOURCES[one.node]} ${one.operation}`, one] as const,
);

test.each(named)('%s', async (_name, one) => {
	const { node, operation, parameters, offers = [] } = one;
	const resource = one.resource ?? RESOURCES[node];
	const server = await startServer({
		...{ quotaBytes: 1024 ** 2, isAdministrator: () => true, capabilities: { add: offers } },
	});
	server.addAccount(TARGET_USER, PASSWORD);
	const account = server.account(USER);
	account.create('Target');
	const { uidValidity } = account.create('One');
	account.mailbox('One').append(mail('one'));
	const properties = NODES[node].description.properties.filter(
		({ displayOptions: { show } = {} }) =>
			show?.resource?.includes(resource) && show.operation?.includes(operation),
	);
	const accepted: string[] = [];
	for (const field of fieldsOf(properties)) {
		const { path, shownWith } = field;
		if (LEFT_OUT.includes(path)) continue;
		const values = applicable(field);
		const output = await jsonOf({
			...{ node, resource, operation, server, continueOnFail: true },
			items: values.map((v): IDataObject => {
				const item = { box: 'One', mailbox: 'One', uidValidity, uid: 1 };
				return v === undefined ? item : { ...item, v: v };
			}),
			parameters: {
				...{ uids: '1:*', referenceUid: 1, referenceUidValidity: uidValidity },
				...(shownWith.messages === undefined ? {} : { mailbox: box('One') }),
				...(path.startsWith('contentOptions') ? { body: 'text' } : {}),
				...parameters,
				...shownWith,
				...field.parameters('={{ $json.v }}'),
			},
		});
		for (const [index, value] of values.entries()) {
			const message = output[index]?.error;
			if (output.length === values.length && isNamed(field, message)) continue;
			accepted.push(`${path}: ${shown(value)}: ${shown(message ?? output[index])}`);
		}
	}
	expect(accepted).toEqual([]);
	const { messages } = account.mailbox('One');
	expect(messages.map(({ uid, flags }) => [uid, flags.has('\\Seen')])).toEqual([[1, false]]);
	expect(account.mailbox('Target').messages).toEqual([]);
});

describe('the trigger', () => {
	const { properties } = new Imap4MessageTrigger().description;
	const fields = fieldsOf(properties).filter(({ path }) => !LEFT_OUT.includes(path));

	test.each(fields)('$path', async (field) => {
		const server = await startServer();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		for (const value of applicable(field)) {
			const written = Number.isNaN(value) ? 'NaN' : shown(value).replaceAll('{}', '({})');
			const poller = new Poller({
				server,
				parameters: {
					...(field.path === 'actAsUser' ? { authentication: 'proxyAuth' } : {}),
					...(field.path.startsWith('contentOptions') ? { body: 'text' } : {}),
					...field.shownWith,
					...field.parameters(`={{ ${written.startsWith('{') ? `(${written})` : written} }}`),
				},
			});
			const poll = poller.poll().then(
				() => 'accepted',
				(error: Error) => error.message,
			);
			expect(isNamed(field, await poll), `${shown(value)}: ${await poll}`).toBe(true);
		}
	});
});
