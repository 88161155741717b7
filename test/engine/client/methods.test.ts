/** What the methods of a session send, and what they return, where a server offers less than they would use. */
import { describe, expect, test } from 'vitest';
import { greeted, loggedIn, nothingUnhandled } from './fake-transport';

nothingUnhandled();

describe('list', () => {
	const withCounts = async (capabilities: string) => {
		const { imap, server } = await loggedIn({}, capabilities);
		return { server, listed: imap.list('', '*', { status: ['messages'] }) };
	};

	test.each([
		['IMAP4rev1 LIST-STATUS', 'STATUS (MESSAGES)'],
		['IMAP4rev1 LIST-STATUS SPECIAL-USE', 'STATUS (MESSAGES)'],
		['IMAP4rev1 LIST-STATUS LIST-EXTENDED', 'CHILDREN STATUS (MESSAGES)'],
		['IMAP4rev1 LIST-STATUS LIST-EXTENDED SPECIAL-USE', 'CHILDREN SPECIAL-USE STATUS (MESSAGES)'],
	])(
		'asks %s for counts, and for what a plain one returns by itself',
		async (capabilities, asked) => {
			const { server, listed } = await withCounts(capabilities);
			const words = (text: string): string[] => text.split(' ').toSorted();
			const line = await server.line();
			const [, tag = '', returned = ''] = /^(\S+) LIST "" "\*" RETURN \((.*)\)$/.exec(line) ?? [];
			expect(words(returned)).toEqual(words(asked));
			server.say('* LIST () "/" a', '* STATUS a (MESSAGES 3)', `${tag} OK done`);
			expect(await listed).toMatchObject([{ name: 'a', status: { messages: 3 } }]);
		},
	);

	test('without counts is a plain one, and nothing else is asked', async () => {
		const { imap, server } = await loggedIn({}, 'IMAP4rev1 LIST-EXTENDED LIST-STATUS');
		const listed = imap.list();
		await server.answer('LIST "" "*"', '* LIST () "/" a');
		expect(await listed).toHaveLength(1);
		await server.nothingMore();
	});

	test.each([
		['before the mailbox is listed', ['* STATUS a (MESSAGES 3)', '* LIST () "/" a']],
		['with INBOX in other letters', ['* LIST () "/" INBOX', '* STATUS Inbox (MESSAGES 3)']],
		['with INBOX listed in other letters', ['* LIST () "/" Inbox', '* STATUS INBOX (MESSAGES 3)']],
	])('takes the counts that come %s', async (_what, rows) => {
		const { server, listed } = await withCounts('IMAP4rev1 LIST-STATUS');
		await server.answer(/^LIST /, ...rows);
		expect(await listed).toMatchObject([{ status: { messages: 3 } }]);
	});

	test('without LIST-STATUS counts each mailbox that can be opened', async () => {
		const { server, listed } = await withCounts('IMAP4rev1');
		await server.answer(
			'LIST "" "*"',
			'* LIST () "/" a',
			'* LIST (\\HasChildren \\NoSelect) "/" b',
			'* LIST (\\NonExistent) "/" c',
			'* LIST (\\NoSelectNow) "/" d',
		);
		await server.answer('STATUS a (MESSAGES)', '* STATUS a (MESSAGES 3)');
		await server.answer('STATUS d (MESSAGES)', '* STATUS d (MESSAGES 4)');
		expect((await listed).map(({ name, status }) => [name, status?.messages])).toEqual([
			['a', 3],
			['b', undefined],
			['c', undefined],
			['d', 4],
		]);
	});

	test('has the error of a mailbox whose counts are refused, and the counts of the others', async () => {
		const { server, listed } = await withCounts('IMAP4rev1');
		await server.answer('LIST "" "*"', '* LIST () "/" a', '* LIST () "/" b');
		server.say(`${await server.command('STATUS a (MESSAGES)')} NO not yours`);
		await server.answer('STATUS b (MESSAGES)', '* STATUS b (MESSAGES 4)');
		expect(await listed).toEqual([
			expect.objectContaining({ name: 'a', statusError: expect.objectContaining({ code: 'NO' }) }),
			expect.objectContaining({ name: 'b', status: expect.objectContaining({ messages: 4 }) }),
		]);
	});

	test.each([
		['is not understood', 'BAD', (tag: string) => [`${tag} BAD what?`]],
		['is missing', 'MALFORMED', (tag: string) => [`${tag} OK done`]],
		['cannot be read', 'MALFORMED', (tag: string) => ['* STATUS a NIL', `${tag} OK done`]],
	])('has the counts of the others where STATUS of a mailbox %s', async (_what, code, answer) => {
		const { server, listed } = await withCounts('IMAP4rev1');
		await server.answer('LIST "" "*"', '* LIST () "/" a', '* LIST () "/" b');
		server.say(...answer(await server.command('STATUS a (MESSAGES)')));
		await server.answer('STATUS b (MESSAGES)', '* STATUS b (MESSAGES 4)');
		expect(await listed).toEqual([
			expect.objectContaining({ name: 'a', statusError: expect.objectContaining({ code }) }),
			expect.objectContaining({ name: 'b', status: expect.objectContaining({ messages: 4 }) }),
		]);
	});

	test('fails where STATUS is not understood', async () => {
		const { server, listed } = await withCounts('IMAP4rev1');
		await server.answer('LIST "" "*"', '* LIST () "/" a');
		server.say(`${await server.command('STATUS a (MESSAGES)')} BAD what?`);
		await expect(listed).rejects.toMatchObject({ code: 'BAD' });
	});

	test('that is refused with LIST-STATUS is not tried without it', async () => {
		const { server, listed } = await withCounts('IMAP4rev1 LIST-STATUS');
		server.say(`${await server.command(/^LIST .*STATUS/)} NO not now`);
		await expect(listed).rejects.toMatchObject({ code: 'NO' });
		await server.nothingMore();
	});

	test('ends with its signal also while mailboxes are counted', async () => {
		const { imap, server } = await loggedIn({}, 'IMAP4rev1');
		const controller = new AbortController();
		const listed = imap.list('', '*', { status: ['messages'], signal: controller.signal });
		await server.answer('LIST "" "*"', '* LIST () "/" a');
		await server.command('STATUS a (MESSAGES)');
		const reason = new Error('not any more');
		controller.abort(reason);
		await expect(listed).rejects.toBe(reason);
	});
});

test('subscribed mailboxes are listed by LIST where LSUB is gone (IMAP4rev2)', async () => {
	const { imap, server } = await loggedIn({}, 'IMAP4rev2');
	const listed = imap.lsub();
	await server.answer(/^LIST \(SUBSCRIBED\) "" "\*"/, '* LIST (\\Subscribed) "/" a');
	expect(await listed).toMatchObject([{ name: 'a' }]);
});

describe('opening a mailbox', () => {
	test('with a check sends both together, and waits for both', async () => {
		const { imap, server } = await loggedIn();
		let isOpen = false;
		const opening = imap.open('INBOX', { check: true });
		void opening.then(() => (isOpen = true));
		const select = await server.command('SELECT INBOX');
		const check = await server.command('CHECK');
		server.say('* 3 EXISTS', `${select} OK done`);
		await server.nothingMore();
		expect(isOpen).toBe(false);
		server.say('* 4 EXISTS', `${check} OK done`);
		expect(await opening).toMatchObject({ exists: 4 });
	});

	test.each(['NO not now', 'BAD unknown command'])(
		'with a check that is refused asks by NOOP what has arrived: %s',
		async (refusal) => {
			const { imap, server } = await loggedIn();
			const opening = imap.open('INBOX', { check: true });
			await server.answer('SELECT INBOX', '* 3 EXISTS');
			server.say(`${await server.command('CHECK')} ${refusal}`);
			await server.answer('NOOP', '* 4 EXISTS');
			expect(await opening).toMatchObject({ exists: 4 });
		},
	);

	test('fails with the refusal of the mailbox, and asks nothing more', async () => {
		const { imap, server } = await loggedIn();
		const opening = imap.open('INBOX', { check: true });
		const select = await server.command('SELECT INBOX');
		const check = await server.command('CHECK');
		server.say(`${select} NO not yours`, `${check} BAD no mailbox`);
		await expect(opening).rejects.toMatchObject({ code: 'NO', command: 'SELECT' });
		await server.nothingMore();
	});

	test('is needed for what is done in one', async () => {
		const { imap } = await loggedIn();
		expect(() => imap.selected).toThrow('No mailbox is open; open one first');
	});
});

test('a session is busy while a command is under way', async () => {
	const { imap, server } = await loggedIn();
	expect(imap.busy).toBe(false);
	const noop = imap.noop();
	expect(imap.busy).toBe(true);
	await server.answer('NOOP');
	await noop;
	expect(imap.busy).toBe(false);
});

test('what was enabled is known', async () => {
	const { imap, server } = await loggedIn({}, 'IMAP4rev1 ENABLE CONDSTORE');
	const enabling = imap.enable('CONDSTORE');
	await server.answer('ENABLE CONDSTORE', '* ENABLED CONDSTORE');
	await enabling;
	expect([...imap.enabled]).toEqual(['CONDSTORE']);
});

test('a command without arguments is sent as it is, and it is known that there was one', async () => {
	const { imap, server } = await loggedIn();
	expect(imap.sentRawCommand).toBe(false);
	const running = imap.command('XTEST');
	await server.answer('XTEST');
	await running;
	expect(imap.sentRawCommand).toBe(true);
});

test('STARTTLS that is not offered is not sent', async () => {
	const { imap, server } = await loggedIn();
	await expect(imap.startTls()).rejects.toMatchObject({
		code: 'CAPABILITY',
		message: 'The server does not offer STARTTLS',
	});
	await server.nothingMore();
});

describe('logging out', () => {
	test('leaves also a server that refuses it', async () => {
		const { imap, server } = await loggedIn();
		const leaving = imap.logout();
		server.say(`${await server.command('LOGOUT')} NO stay`);
		expect(await leaving).toBe('');
		expect(imap.closedBy).toBeDefined();
	});

	test('of a connection that is gone sends nothing', async () => {
		const { imap, server } = await loggedIn();
		imap.destroy();
		expect(await imap.logout()).toBe('');
		await server.nothingMore();
	});
});

describe('the capabilities after a login', () => {
	const authenticated = async (code: string) => {
		const { imap, server } = await greeted({}, '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready');
		const running = imap.authenticate('plain', () => Buffer.from('x'));
		const tag = await server.command('AUTHENTICATE PLAIN');
		server.say('+ ');
		await server.line();
		server.say(`${tag} OK ${code}done`);
		return { imap, server, running };
	};

	test('are asked for', async () => {
		const { imap, server, running } = await authenticated('');
		await server.answer('CAPABILITY', '* CAPABILITY IMAP4rev1 IDLE');
		await running;
		expect(imap.capabilities.has('IDLE')).toBe(true);
	});

	test('are not asked for where the server has just sent them', async () => {
		const { imap, server, running } = await authenticated('[CAPABILITY IMAP4rev1 IDLE] ');
		await running;
		await server.nothingMore();
		expect(imap.capabilities.has('IDLE')).toBe(true);
	});
});

test('NOTIFY asks for no counts unless they are wanted', async () => {
	const { imap, server } = await loggedIn({}, 'IMAP4rev1 NOTIFY');
	const notifying = imap.notify([{ of: 'personal', events: ['MailboxName'] }]);
	await server.answer('NOTIFY SET (personal (MailboxName))');
	expect(await notifying).toEqual([]);
});

test('the quota of an account is that of the root without a name', async () => {
	const { imap, server } = await loggedIn({}, 'IMAP4rev1 QUOTA');
	const quota = imap.getQuota();
	await server.answer('GETQUOTA ""', '* QUOTA "" (STORAGE 1 2)');
	expect(await quota).toMatchObject({ root: '' });
});
