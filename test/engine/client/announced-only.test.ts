/** What a server announces and does not understand is done without it, where that comes to the same. */
import { expect, test } from 'vitest';
import { loggedIn, nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

test('a search without ESEARCH', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH' });
	const found = imap.selected.search({ seen: false });
	server.say(`${await server.command(/^UID SEARCH RETURN/)} BAD Unknown argument`);
	await server.answer('UID SEARCH UNSEEN', '* SEARCH 4 5');
	expect(await found).toEqual([4, 5]);
});

test('a search that is not understood without ESEARCH either fails with that', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH' });
	const found = imap.selected.search({ seen: false });
	server.say(`${await server.command(/^UID SEARCH RETURN/)} BAD first`);
	server.say(`${await server.command('UID SEARCH UNSEEN')} BAD second`);
	await expect(found).rejects.toMatchObject({ code: 'BAD', serverText: 'second' });
});

test('a search that is refused is not tried again', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH' });
	const found = imap.selected.search({ seen: false });
	server.say(`${await server.command(/^UID SEARCH RETURN/)} NO not now`);
	await expect(found).rejects.toMatchObject({ code: 'NO' });
	await server.nothingMore();
});

test('a list with counts without LIST-STATUS', async () => {
	const { imap, server } = await loggedIn({}, 'IMAP4rev1 LIST-STATUS');
	const listed = imap.list('', '*', { status: ['messages'] });
	server.say(`${await server.command(/^LIST .* RETURN \(STATUS \(MESSAGES\)\)$/)} BAD what?`);
	await server.answer('LIST "" "*"', '* LIST () "/" a');
	await server.answer('STATUS a (MESSAGES)', '* STATUS a (MESSAGES 3)');
	expect(await listed).toMatchObject([{ name: 'a', status: { messages: 3 } }]);
});

test('a mailbox is closed without UNSELECT, and nothing is removed from it', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 UNSELECT' });
	const closing = imap.selected.close();
	server.say(`${await server.command('UNSELECT')} BAD what?`);
	await server.answer('EXAMINE INBOX');
	await server.answer('CLOSE');
	await closing;
	expect(imap.mailbox).toBeUndefined();
});

test('CLOSED without a mailbox that could be closed leaves what was said of the new one', async () => {
	const { imap, server } = await loggedIn();
	const opening = imap.open('INBOX');
	await server.answer(
		'SELECT INBOX',
		'* 3 EXISTS',
		'* OK [UIDVALIDITY 7] ok',
		'* OK [CLOSED] closed',
	);
	expect(await opening).toMatchObject({ exists: 3, uidValidity: 7 });
});

test('messages are moved without MOVE', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 MOVE UIDPLUS' });
	const moving = imap.selected.move('4:5', 'Archive');
	server.say(`${await server.command('UID MOVE 4:5 Archive')} BAD what?`);
	await server.answer('UID COPY 4:5 Archive');
	await server.answer(/^UID STORE 4:5 \+FLAGS\.SILENT/);
	await server.answer('UID EXPUNGE 4:5');
	expect((await moving).via).toBe('COPY+STORE+EXPUNGE');
});

test('before messages are copied in place of MOVE, the caller can still end it', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 MOVE UIDPLUS' });
	const beforeCopy = () => Promise.reject(new Error('not allowed'));
	const moving = imap.selected.move('4:5', 'Archive', { beforeCopy });
	server.say(`${await server.command('UID MOVE 4:5 Archive')} BAD what?`);
	await expect(moving).rejects.toThrow('not allowed');
	await server.nothingMore();
});

test('MOVE that is refused is not carried out in another way', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 MOVE UIDPLUS' });
	const moving = imap.selected.move('4:5', 'Archive');
	server.say(`${await server.command('UID MOVE 4:5 Archive')} NO [TRYCREATE] no such mailbox`);
	await expect(moving).rejects.toMatchObject({ code: 'NO' });
	await server.nothingMore();
});

test('what MOVE has begun is not done once more in another way', async () => {
	const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 MOVE UIDPLUS' });
	const every = Array.from({ length: 2000 }, (_value, index) => 2 * index + 1).join(',');
	const moving = imap.selected.move(every, 'Archive');
	const written = await server.written();
	const tags = [...written.matchAll(/^(\S+) UID MOVE /gm)].map(([, tag]) => tag);
	server.say(...tags.map((tag, index) => (index === 0 ? `${tag} OK moved` : `${tag} BAD what?`)));
	expect(tags.length).toBeGreaterThan(1);
	await expect(moving).rejects.toMatchObject({ code: 'BAD' });
	await server.nothingMore();
});
