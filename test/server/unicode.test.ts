import { expect, test } from 'vitest';
import type { Scene } from './raw-client';
import { loggedIn } from './raw-client';

/** As the octets of UTF-8 look in a test that reads and writes Latin-1. */
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

async function accepting(): Promise<Scene> {
	const scene = await loggedIn();
	expect(await scene.client.untagged('ENABLE UTF8=ACCEPT')).toEqual(['ENABLED UTF8=ACCEPT']);
	return scene;
}

test('mailbox names are modified UTF-7, until UTF8=ACCEPT is enabled', async () => {
	const { client, server } = await loggedIn();
	await client.send('CREATE &APw-ber');
	expect((await client.send(`CREATE "${utf8('Gr\u00fcn')}"`))[0]).toMatch(/^BAD/);
	await client.send('ENABLE UTF8=ACCEPT');
	await client.send(`CREATE "${utf8('Gr\u00fcn')}"`);
	expect(server.account('ann').find('Gr\u00fcn')).toBeDefined();
	expect(await client.untagged(`LIST "" "*${utf8('\u00fc')}*"`)).toEqual([
		`LIST (\\HasNoChildren) "/" "${utf8('Gr\u00fcn')}"`,
		`LIST (\\HasNoChildren) "/" "${utf8('\u00fcber')}"`,
	]);
	expect(await client.untagged(`STATUS "${utf8('\u00fcber')}" (MESSAGES)`)).toHaveLength(1);
});

test('what is not UTF-8 is not a name', async () => {
	const { client } = await accepting();
	expect((await client.send('CREATE "\xfc"'))[0]).toMatch(/^BAD/);
});

test('APPEND UTF8 (~{…})', async () => {
	const { client, server } = await accepting();
	const message = utf8('Subject: \u00fc\r\n\r\n');
	const answer = await client.send(
		`APPEND INBOX (\\Seen) UTF8 (~{${message.length}+}\r\n${message})`,
	);
	expect(answer[0]).toMatch(/^OK \[APPENDUID /);
	expect(server.account('ann').mailbox('INBOX').messages[0]?.octets.toString('latin1')).toBe(
		message,
	);
	const { client: without } = await loggedIn();
	expect((await without.send('APPEND INBOX UTF8 (~{1+}\r\nx)'))[0]).toMatch(/^BAD/);
});

test('a search names no charset then', async () => {
	const { client } = await accepting();
	await client.send('SELECT INBOX');
	expect((await client.send('SEARCH CHARSET UTF-8 ALL'))[0]).toMatch(/^BAD/);
	expect(await client.untagged(`SEARCH SUBJECT "${utf8('\u00fc')}"`)).toEqual(['SEARCH']);
});
