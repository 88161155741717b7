/** Servers of NetEase and QQ open no mailbox before ID (RFC 2971); no other server gets it. */
import { expect, test } from 'vitest';
import { introduce } from '../../nodes/shared/account/introduction';
import type { Imap4 } from '../../engine/index';
import { outputOf } from '../../demo/run-workflow';
import { mail, runToEnd, startServer, USER } from './run-node';

async function opened(greeting: string) {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(mail('one'));
	server.faults.rewrite = (octets) =>
		Buffer.from(
			octets.toString('latin1').replace(/^(\* OK \[CAPABILITY [^\]]*\]) .*/, `$1 ${greeting}`),
			'latin1',
		);
	let isKnown = false;
	server.faults.on = ({ tag, line }) => {
		isKnown ||= line.startsWith('ID ("name"');
		return /^(?:SELECT|EXAMINE)/.test(line) && !isKnown
			? `${tag} NO SELECT Unsafe Login. Please contact kefu@188.com for help\r\n`
			: undefined;
	};
	const run = await runToEnd({
		node: 'imap4Message',
		operation: 'getMany',
		parameters: { mailbox: 'INBOX', returnAll: true },
		server,
	});
	return { run, isKnown };
}

test.each(['Coremail System IMap Server Ready(163com)', 'QQMail XMIMAP4Server ready'])(
	'%s gets an ID that names what asks',
	async (greeting) => {
		const { run } = await opened(greeting);
		expect(outputOf(run, 'Node').map(({ json }) => json.subject)).toEqual(['one']);
	},
);

test('another server that refuses is not, and its words are in the error', async () => {
	const { run, isKnown } = await opened('ready');
	expect(run.error?.message).toMatch(/Unsafe Login/);
	expect(isKnown).toBe(false);
});

test.each([
	['imap.163.com', true],
	['imap.exmail.qq.com', true],
	['imap.yeah.net', true],
	['imap.notqq.com', false],
	['qq.com.example.org', false],
	[undefined, false],
])('by its name, %s: %s', async (host, expected) => {
	let isTold = false;
	await introduce({ id: async () => void (isTold = true) } as unknown as Imap4, host);
	expect(isTold).toBe(expected);
});
