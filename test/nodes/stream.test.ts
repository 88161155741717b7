/** The credential that starts a program: by allowed name only. */
import { afterEach, expect, test, vi } from 'vitest';
import { STREAM_COMMANDS, streamCommand } from '../../nodes/shared/account/stream-commands';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import { errorOf, jsonOf } from './run-node';

afterEach(async () => {
	await closeIdleConnections();
	vi.unstubAllEnvs();
});

/** A server in one line of JavaScript: it greets as logged in, and answers what a listing needs. */
const PROGRAM = `
	process.stdout.write('* PREAUTH [CAPABILITY IMAP4rev1] ready\\r\\n');
	require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
		const [tag, name] = line.split(' ');
		if (name === 'LIST') process.stdout.write('* LIST () "/" "By program"\\r\\n');
		if (name === 'LOGOUT') process.stdout.write('* BYE\\r\\n');
		process.stdout.write(tag + ' OK done\\r\\n');
		if (name === 'LOGOUT') process.exit();
	});
`;
const allow = (commands: unknown) => vi.stubEnv(STREAM_COMMANDS, JSON.stringify(commands));
const run = (command: string) =>
	({
		node: 'imap4Mailbox',
		operation: 'getMany',
		authentication: 'stream',
		credential: { command },
	}) as const;

test('an allowed program is the server', async () => {
	allow({ local: [process.execPath, '-e', PROGRAM.replaceAll('\\\\', '\\')] });
	expect(await jsonOf(run('local'))).toMatchObject([{ mailbox: 'By program' }]);
});

test.each(['', '/bin/sh', 'local; id', '__proto__', 'constructor', 'LOCAL'])(
	'%j is not an allowed name, and nothing is started',
	async (command) => {
		allow({ local: [process.execPath, '-e', 'process.exit(1)'], other: ['x'] });
		const { message } = await errorOf(run(command));
		expect(message).toMatch(
			command === '' ? /"Command" of the credential is empty/ : /Allowed commands: local, other/,
		);
	},
);

test('without the variable the credential says so and refuses', async () => {
	vi.stubEnv(STREAM_COMMANDS, undefined);
	const { message } = await errorOf(run('local'));
	expect(message).toContain(`environment variable ${STREAM_COMMANDS}`);
});

test.each(['[', '[]', '{"a": "sh"}', '{"a": []}', '{"a": [1]}', 'null'])(
	'%s in the variable is refused as a whole',
	(text) => {
		expect(() => streamCommand('a', { [STREAM_COMMANDS]: text })).toThrow(/is not a JSON object/);
	},
);

test('a program that cannot be started, or ends, is a clear error', async () => {
	allow({ gone: ['/nowhere/imap'], ends: [process.execPath, '-e', 'process.exit(3)'] });
	expect((await errorOf(run('gone'))).message).toContain('/nowhere/imap cannot be started');
	expect((await errorOf(run('ends'))).message).toMatch(/exit code 3|closed|ended/);
});
