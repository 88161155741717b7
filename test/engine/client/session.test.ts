/** Work of several steps on one session, and what is not sent in clear text. */
import { describe, expect, test } from 'vitest';
import { Session } from '../../../engine/client/session';
import { defaultLimits } from '../../../engine/wire/limits';
import { FakeTransport, loggedIn, nothingUnhandled } from './fake-transport';

nothingUnhandled();

async function session(secure = true, clearTextAllowed = false) {
	const server = new FakeTransport({ secure });
	const one = new Session(server, {
		limits: defaultLimits,
		timeouts: { greeting: 1000, command: 1000 },
		clearTextAllowed,
	});
	const started = one.start();
	server.say('* OK [CAPABILITY IMAP4rev1] hi');
	await started;
	return { session: one, server };
}

test('work that is aborted fails at once, with the reason, and closes the connection', async () => {
	const { session: one, server } = await session();
	const caller = new AbortController();
	const reason = new Error('enough');
	const work = one.untilAborted(() => new Promise(() => undefined), caller.signal);
	caller.abort(reason);
	await expect(work).rejects.toBe(reason);
	expect(one.closedBy).toMatchObject({
		code: 'CLOSED',
		message: 'Connecting was cancelled, so the connection was closed',
	});
	expect(server.destroyed).toBe(true);
});

test('work that was aborted before does not begin', async () => {
	const { session: one } = await session();
	const reason = new Error('enough');
	let begun = false;
	const work = one.untilAborted(async () => void (begun = true), AbortSignal.abort(reason));
	await expect(work).rejects.toBe(reason);
	expect(begun).toBe(false);
	expect(one.closedBy).toBeUndefined();
});

test('once work is done, its signal closes nothing', async () => {
	const { session: one } = await session();
	const caller = new AbortController();
	expect(await one.untilAborted(() => Promise.resolve(3), caller.signal)).toBe(3);
	caller.abort();
	expect(one.closedBy).toBeUndefined();
});

test('what must not be sent in clear text is refused, unless it was allowed', async () => {
	const refused = (await session(false)).session;
	expect(() => refused.checkEncrypted('the token')).toThrow(
		expect.objectContaining({
			code: 'LOGIN_DISABLED',
			message:
				'This connection is not encrypted, so the token is not sent over it; use TLS, or set "allowClearText" if the network is trusted',
		}),
	);
	for (const { session: one } of [await session(true), await session(false, true)])
		expect(() => one.checkEncrypted('the token')).not.toThrow();
});

describe('a mailbox is named in UTF-8', () => {
	const UTF_8 = Buffer.from('SUBSCRIBE "ä"').toString('latin1');

	/** What is sent when a mailbox is named. */
	async function naming(capabilities: string, extension?: string): Promise<string> {
		const { imap, server } = await loggedIn({}, capabilities);
		if (extension) {
			const enabling = imap.enable(extension);
			await server.answer(/^ENABLE/, `* ENABLED ${extension}`);
			await enabling;
		}
		const subscribing = imap.subscribe('ä');
		const line = await server.line();
		server.say(`${line.split(' ')[0]} OK`);
		await subscribing;
		return line.slice(line.indexOf(' ') + 1);
	}

	test.each<[string, string, string | undefined, string]>([
		['not under IMAP4rev1', 'IMAP4rev1 ENABLE UTF8=ACCEPT', undefined, 'SUBSCRIBE &AOQ-'],
		['where UTF8=ACCEPT is enabled', 'IMAP4rev1 ENABLE UTF8=ACCEPT', 'UTF8=ACCEPT', UTF_8],
		['where IMAP4rev2 alone is spoken', 'IMAP4rev2', undefined, UTF_8],
		[
			'not where both are, before one is chosen',
			'IMAP4rev1 IMAP4rev2',
			undefined,
			'SUBSCRIBE &AOQ-',
		],
		['where IMAP4rev2 is enabled', 'IMAP4rev1 IMAP4rev2 ENABLE', 'IMAP4rev2', UTF_8],
		[
			'not where another extension is',
			'IMAP4rev1 ENABLE CONDSTORE',
			'CONDSTORE',
			'SUBSCRIBE &AOQ-',
		],
	])('%s', async (_when, capabilities, extension, expected) => {
		expect(await naming(capabilities, extension)).toBe(expected);
	});
});
