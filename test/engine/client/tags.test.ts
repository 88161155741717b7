/** Tagged responses to what was never sent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UntaggedResponse } from '../../../engine/index';
import { Imap4 } from '../../../engine/index';
import { Tags } from '../../../engine/client/tags';
import { FakeTransport, loggedIn, nothingUnhandled, turns } from './fake-transport';

nothingUnhandled();

describe('after the login', () => {
	test.each(['ZZZZ1 NO stale', 'a001 NO no', 'A1 BAD what'])(
		'the refusal “%s” of what another client sent is passed on and ignored',
		async (line) => {
			const told: UntaggedResponse[] = [];
			const { imap, server } = await loggedIn({ onUnsolicited: (one) => told.push(one) });
			const noop = imap.noop();
			const tag = await server.command('NOOP');
			server.say(line);
			await turns();
			expect(imap.closedBy).toBeUndefined();
			server.say(`${tag} OK`);
			await noop;
			expect(told).toEqual([{ type: 'stray', text: line }]);
		},
	);

	const damaged: [string, (tag: string) => string][] = [
		['of another client, whose command succeeded', () => 'ZZZZ1'],
		['of a command not sent yet', (tag) => tag.slice(0, 4) + (Number(tag.slice(4)) + 1)],
		['in small letters', (tag) => tag.toLowerCase()],
		['with one letter changed', (tag) => `Z${tag.slice(1)}`],
		['with its third letter changed', (tag) => `${tag.slice(0, 2)}Z${tag.slice(3)}`],
		['without its first letter', (tag) => tag.slice(1)],
		['without its fourth letter', (tag) => tag.slice(0, 3) + tag.slice(4)],
		['without its prefix', (tag) => tag.slice(4)],
		['without its number', (tag) => tag.slice(0, 4)],
		['twice', (tag) => tag + tag],
		['behind a sign', (tag) => `-${tag}`],
		['in quotes', (tag) => `"${tag}"`],
		['that is NIL', () => 'NIL'],
		['without a digit', () => 'zzzz'],
		['with a control character', (tag) => `${tag.slice(0, 2)}\x07${tag.slice(2)}`],
		['that is too long', () => `${'z'.repeat(40)}1`],
	];
	test.each(damaged)('a tag %s may be one of ours: it ends the session', async (_what, damage) => {
		const { imap, server } = await loggedIn();
		const noop = expect(imap.noop()).rejects.toMatchObject({ code: 'PROTOCOL' });
		server.say(`${damage(await server.command('NOOP'))} OK done`);
		await noop;
		expect(server.destroyed).toBe(true);
	});

	test.each(damaged.slice(1))('nor is a refusal by a tag %s passed over', async (_what, damage) => {
		const { imap, server } = await loggedIn();
		const noop = expect(imap.noop()).rejects.toMatchObject({ code: 'PROTOCOL' });
		server.say(`${damage(await server.command('NOOP'))} NO done`);
		await noop;
	});

	test('an answer that came before counts once', async () => {
		const { imap, server } = await loggedIn();
		const noop = imap.noop();
		const tag = await server.command('NOOP');
		server.say(`${tag} OK`, `${tag} OK`);
		await noop;
		await turns();
		expect(imap.closedBy).toMatchObject({ code: 'PROTOCOL' });
	});

	test('a server that sends nothing else is given up', async () => {
		const { imap, server } = await loggedIn({ limits: { unclaimedResponses: 10 } });
		for (let count = 0; count < 11; count++) server.say('ZZZZ1 NO');
		await turns();
		expect(imap.closedBy).toMatchObject({ code: 'LIMIT' });
	});
});

test.each(['* OK [CAPABILITY IMAP4rev1] hi', '* OK hi'])(
	'before the login, behind “%s”, any unknown tag ends the session',
	async (greeting) => {
		const server = new FakeTransport();
		const connecting = Imap4.connect({
			security: 'none',
			transport: server,
			auth: { user: 'ann', password: 'secret' },
		});
		const failed = expect(connecting).rejects.toMatchObject({ code: 'PROTOCOL' });
		server.say(greeting);
		await server.line();
		server.say('ZZZZ1 NO stale');
		await failed;
	},
);

test('a tag differs from those of other sessions, and counts', () => {
	const prefixes = new Set(Array.from({ length: 50 }, () => new Tags().prefix));
	expect(prefixes.size).toBeGreaterThan(40);
	const tags = new Tags();
	expect([tags.next(), tags.next()]).toEqual([`${tags.prefix}1`, `${tags.prefix}2`]);
	expect(tags.prefix).toMatch(/^[A-P]{4}$/);
});

test('no tag that holds three letters of the prefix in a row is foreign, wherever they are', () => {
	const tags = new Tags();
	fc.assert(
		fc.property(
			fc.stringMatching(/^[a-z0-9]{0,4}$/),
			fc.constantFrom(tags.prefix.slice(0, 3), tags.prefix.slice(1), tags.prefix),
			fc.stringMatching(/^[a-z0-9]{0,4}[0-9]$/),
			(before, letters, behind) => {
				expect(tags.isForeign(before + letters + behind)).toBe(false);
			},
		),
	);
});
