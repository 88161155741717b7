import { describe, expect, test } from 'vitest';
import type { Imap4, MailboxEntry } from '../../../../engine/index';
import { MailboxResolver } from '../../../../nodes/shared/mailbox/mailbox-resolver';
import { mailboxChoice } from '../../../../nodes/shared/mailbox/mailbox-choice';
import { findByRole, ROLE_FACTS } from '../../../../nodes/shared/mailbox/mailbox-roles';
import { onEachServer } from '../../../conformance/on-each-server';
import { DOVECOT_DOTTED } from '../../../real/dovecot-config';

const entry = (name: string, delimiter = '/', ...attributes: string[]): MailboxEntry => ({
	name,
	delimiter,
	attributes,
});

describe('a role is found', () => {
	test.each([
		[
			'by its mark, whatever the name',
			[entry('Sent'), entry('Postausgang', '/', '\\Sent')],
			'Postausgang',
		],
		['by a usual name', [entry('INBOX'), entry('Sent Items')], 'Sent Items'],
		[
			'by a usual name in another language',
			[entry('INBOX'), entry('Gesendete Objekte')],
			'Gesendete Objekte',
		],
		[
			'below INBOX',
			[entry('INBOX'), entry('INBOX.Éléments envoyés', '.')],
			'INBOX.Éléments envoyés',
		],
		['below the folder of a provider', [entry('[Gmail]/Отправленные')], '[Gmail]/Отправленные'],
		['in decomposed Unicode', [entry('Envoye\u0301s')], 'Envoye\u0301s'],
	])('%s', (_how, entries, expected) => {
		expect(findByRole(entries, 'sent')?.name).toBe(expected);
	});

	test.each([
		['a mailbox further down with a usual name', [entry('Customers/Sent')]],
		['one that the server marks for another role', [entry('Sent', '/', '\\Archive')]],
		['one that cannot be selected', [entry('Sent', '/', '\\Noselect')]],
	])('not in %s', (_what, entries) => {
		expect(findByRole(entries, 'sent')).toBeUndefined();
	});

	test('no name belongs to two roles', () => {
		const all = Object.values(ROLE_FACTS).flatMap(({ names }) => names);
		expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
		expect(all.filter((name) => name !== name.normalize('NFC').toLowerCase())).toEqual([]);
	});
});

describe('a choice that cannot be read is refused', () => {
	test.each([undefined, null, '', '  ', {}, []])('%j', (value) => {
		expect(() => mailboxChoice('path', value, 'Mailbox')).toThrow('The field "Mailbox" is empty');
	});

	test.each([
		['Archive/', 'Archive'],
		['A/B//', 'A/B'],
		['/', '/'],
		['A.', 'A.'],
	])('a path ends without a delimiter: %j', (written, path) => {
		expect(mailboxChoice('path', written, 'Mailbox')).toEqual({ by: 'path', path });
		// Names come from the server as they are.
		expect(mailboxChoice('list', written, 'Mailbox')).toEqual({ by: 'name', name: written });
	});

	test('a role that does not exist', () => {
		expect(() => mailboxChoice('role', 'outbox', 'Mailbox')).toThrow(
			'"outbox" is not a mailbox role',
		);
	});
});

test.each([
	['Sent', 'sent'],
	['junk (spam)', 'junk'],
	['\\Trash', 'trash'],
	['Spam', 'junk'],
	['Gesendet', 'sent'],
])('the role %s as people type it', (typed, role) => {
	expect(mailboxChoice('role', typed, 'Mailbox')).toEqual({ by: 'role', role });
});

test('a path that is the name of a mailbox as it is written is not said to have another one', async () => {
	const fitted: string[] = [];
	const names = ['A/B'];
	const imap = {
		capabilities: new Set(['NAMESPACE']),
		namespace: async () => ({
			personal: [{ prefix: '', delimiter: '.' }],
			otherUsers: [],
			shared: [],
		}),
		list: async (_reference: string, pattern: string) =>
			names.filter((name) => name === pattern).map((name) => entry(name, '.')),
	} as unknown as Imap4;
	const resolver = new MailboxResolver(imap, 'a path as it is written', (_path, name) =>
		fitted.push(name),
	);
	expect(await resolver.resolve({ by: 'path', path: 'A/B' })).toEqual({ name: 'A/B' });
	expect(fitted).toEqual([]);
	expect(await resolver.resolve({ by: 'path', path: 'A/C' })).toEqual({
		name: 'A.C',
		requested: 'A/C',
	});
	expect(fitted).toEqual(['A.C']);
});

onEachServer((bench) => {
	test('a path resolves to the name that works on this server', async () => {
		const { imap, account } = await bench.logIn();
		const { name } = await new MailboxResolver(imap, account.user).resolve({
			by: 'path',
			path: 'Archive/2026',
		});
		expect(name).toBe(bench.mailbox('Archive/2026'));
		await imap.createMailbox(name);
		expect((await imap.open(name)).exists).toBe(0);
	});

	test('a role that no mailbox has gets one that is found by its role from then on', async () => {
		const { imap, account } = await bench.logIn();
		const resolver = new MailboxResolver(imap, account.user);
		const choice = { by: 'role', role: 'archive' } as const;
		await expect(resolver.resolve(choice)).rejects.toThrow('no mailbox with the role "Archive"');
		const fresh = await resolver.resolve(choice, true);
		expect(fresh).toMatchObject({ name: bench.mailbox('Archive'), missing: true });
		expect(await resolver.create(choice, fresh.name)).toBe(true);
		expect(await resolver.create(choice, fresh.name)).toBe(false);
		expect(await resolver.resolve(choice)).toEqual({ name: fresh.name });
	});

	test('a name from the list stays as it is and costs no command', async () => {
		const { imap, account, sent } = await bench.logIn();
		sent.length = 0;
		const choice = { by: 'name', name: 'Any/Thing.at all' } as const;
		expect(await new MailboxResolver(imap, account.user).resolve(choice)).toEqual({
			name: 'Any/Thing.at all',
		});
		expect(sent).toEqual([]);
	});

	if (bench.name !== 'Dovecot') return;
	test('Dovecot with the prefix INBOX. and the delimiter .', async () => {
		const fresh = bench.running.freshAccount();
		const { imap, account } = await bench.logIn({ ...fresh, user: DOVECOT_DOTTED + fresh.user });
		const resolver = new MailboxResolver(imap, account.user);
		expect(await resolver.resolve({ by: 'path', path: 'Archive/2026' })).toEqual({
			name: 'INBOX.Archive.2026',
			requested: 'Archive/2026',
		});
		expect(await resolver.resolve({ by: 'path', path: 'shared/bert/INBOX' })).toEqual({
			name: 'shared.bert.INBOX',
			requested: 'shared/bert/INBOX',
		});
		expect(await resolver.resolve({ by: 'role', role: 'sent' })).toEqual({ name: 'INBOX.Sent' });
	});
});
