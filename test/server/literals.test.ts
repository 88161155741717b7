import { expect, test } from 'vitest';
import { loggedIn } from './raw-client';

const minus = { capabilities: { add: ['LITERAL-'], remove: ['LITERAL+'] } };
const text = (size: number): string => `{${size}+}\r\n${'x'.repeat(size)}`;

test('LITERAL-: up to 4096 bytes without asking', async () => {
	const { client, inbox } = await loggedIn([], minus);
	expect((await client.send(`APPEND INBOX ${text(4096)}`))[0]).toMatch(/^OK/);
	expect(inbox.messages).toHaveLength(1);
});

test('LITERAL-: more than that is BAD, and ends the connection', async () => {
	const { client, inbox } = await loggedIn([], minus);
	expect((await client.send('APPEND INBOX {4097+}'))[0]).toMatch(/^BAD \[TOOBIG\]/);
	await expect(client.send('NOOP')).rejects.toThrow('The connection ended');
	expect(inbox.messages).toHaveLength(0);
});

test('APPENDLIMIT: refused before the literal is asked for, and after a literal that did not ask', async () => {
	const { client, server } = await loggedIn([], { appendLimit: 10 });
	expect((await client.untagged('CAPABILITY'))[0]).toContain(' APPENDLIMIT=10');
	expect((await client.send('APPEND INBOX {11}'))[0]).toMatch(/^NO \[TOOBIG\]/);
	expect((await client.send(`APPEND INBOX ${text(11)}`))[0]).toMatch(/^NO \[TOOBIG\]/);
	expect((await client.send(`APPEND INBOX ${text(10)}`))[0]).toMatch(/^OK/);
	server.account('ann').create('Small').appendLimit = 5;
	expect((await client.send('APPEND Small {6}'))[0]).toMatch(/^NO \[TOOBIG\]/);
	expect(await client.untagged('LIST "" Small RETURN (STATUS (APPENDLIMIT))')).toContain(
		'STATUS "Small" (APPENDLIMIT 5)',
	);
	expect(await client.untagged('STATUS INBOX (APPENDLIMIT)')).toEqual([
		'STATUS "INBOX" (APPENDLIMIT 10)',
	]);
});

test('APPENDLIMIT is asked for only where it is offered; without a number it is the mailbox’s', async () => {
	const { client } = await loggedIn();
	expect((await client.send('STATUS INBOX (APPENDLIMIT)'))[0]).toMatch(/^BAD/);
	const scene = await loggedIn([], { capabilities: { add: ['APPENDLIMIT'] } });
	expect(await scene.client.untagged('STATUS INBOX (APPENDLIMIT)')).toEqual([
		'STATUS "INBOX" (APPENDLIMIT NIL)',
	]);
});
