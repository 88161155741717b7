import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { Imap4, startProcess } from '../../engine/index';
import { largeMessage, message } from './messages';

const dovecot = inject('dovecot');
const open: Imap4[] = [];

afterEach(() => {
	for (const imap of open.splice(0)) imap.destroy();
});

/** Dovecot's own program, which speaks IMAP on its standard input and output. */
async function spoken(user = `u${randomBytes(6).toString('hex')}`): Promise<Imap4> {
	if ('missing' in dovecot) throw new Error(dovecot.missing);
	const { command, args, environment, homes } = dovecot.program;
	const env = { ...process.env, ...environment, USER: user, HOME: join(homes, user) };
	const transport = await startProcess({ command, args, env });
	const imap = await Imap4.connect({ transport });
	open.push(imap);
	return imap;
}

describe('Dovecot', () => {
	if ('missing' in dovecot) {
		test.skip(`left out: ${dovecot.missing}`, () => undefined);
		return;
	}

	test('a child process is a connection', async () => {
		const imap = await spoken();
		expect(imap.greeting).toMatchObject({ status: 'PREAUTH' });
		expect(imap.state).toBe('authenticated');
		const large = largeMessage(2_000_000);
		await imap.append('INBOX', large);
		await imap.append('INBOX', message({ Subject: 'second' }));
		expect((await imap.open()).exists).toBe(2);
		const [first, second] = await imap.selected.bySequenceNumber
			.fetch('1:2', { envelope: true, body: [{ section: '' }] })
			.all();
		expect(first?.body[0]?.content?.equals(large)).toBe(true);
		expect(second?.envelope?.subject).toBe('second');
		expect(await imap.logout()).not.toBe('');
		expect(imap.state).toBe('logout');
	});

	test('what one process wrote another one reads', async () => {
		const user = `u${randomBytes(6).toString('hex')}`;
		const one = await spoken(user);
		await one.append('INBOX', message({ Subject: 'left' }));
		await one.logout();
		const other = await spoken(user);
		await other.open();
		expect(await other.selected.bySequenceNumber.search({ subject: 'left' })).toEqual([1]);
	});

	test('a program that is not there, and one that does not speak IMAP', async () => {
		await expect(startProcess({ command: '/no/such/program' })).rejects.toMatchObject({
			code: 'CONNECTION_FAILED',
		});
		const mute = await startProcess({ command: 'sh', args: ['-c', 'exit 3'] });
		await expect(Imap4.connect({ transport: mute })).rejects.toMatchObject({
			name: 'Imap4AbortError',
			message: expect.stringContaining('exit code 3') as string,
		});
	});

	test('the end of the process ends the session', async () => {
		const ending = await startProcess({
			command: 'sh',
			args: ['-c', 'printf "* PREAUTH [CAPABILITY IMAP4rev1] ready\\r\\n"; read line; exit 0'],
		});
		const imap = await Imap4.connect({ transport: ending });
		await expect(imap.noop()).rejects.toMatchObject({ name: 'Imap4AbortError' });
		expect(imap.closedBy).toBeDefined();
	});
});
