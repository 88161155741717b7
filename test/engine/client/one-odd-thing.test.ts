/**
 * One odd thing at a time, everywhere: a session that Dovecot sent, in which every token of every response
 * to Get Many is damaged in turn. The other messages are whole, the damaged one has its own UID or none,
 * what is missing of it is noted, and the session goes on unless it is uncertain where a response ends.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Imap4, UntaggedResponse } from '../../../engine/index';
import type { FetchedMessage } from '../../../engine/grammar/fetch';
import type { Damage } from '../../recorded/damages';
import { damagesOf, FOREIGN, responsesOf } from '../../recorded/damages';
import { nothingUnhandled, selected, turns } from './fake-transport';
import type { FakeTransport } from './fake-transport';

nothingUnhandled();

const ROWS = responsesOf(
	readFileSync(join(__dirname, '../../recorded/dovecot-five.txt'), 'latin1'),
).filter((response) => /^\* \d+ FETCH/.test(response));
const ITEMS = {
	...{
		uid: true,
		flags: true,
		internalDate: true,
		size: true,
		envelope: true,
		bodyStructure: true,
	},
	body: [{ section: '' }],
} as const;

interface Session {
	imap: Imap4;
	server: FakeTransport;
	heard: UntaggedResponse[];
}

interface Outcome {
	messages?: FetchedMessage[];
	error?: unknown;
	/** Whether the session goes on. */
	open: boolean;
	heard: UntaggedResponse[];
}

async function session(streamThreshold: number): Promise<Session> {
	const heard: UntaggedResponse[] = [];
	const { imap, server } = await selected(
		{ limits: { streamThreshold }, onUnsolicited: (response) => void heard.push(response) },
		{ exists: 5 },
	);
	return { imap, server, heard };
}

/** Answers a fetch of five messages so. */
async function fetched(
	{ imap, server, heard }: Session,
	answer: (tag: string) => string,
): Promise<Outcome> {
	heard.length = 0;
	const outcome: Outcome = { open: true, heard };
	let settled = false;
	const fetching = imap.selected
		.fetch('1:5', ITEMS)
		.all()
		.then(
			(messages) => (outcome.messages = messages),
			(error: unknown) => (outcome.error = error),
		)
		.finally(() => (settled = true));
	const tag = await server.command(/^UID FETCH/);
	server.deliver(Buffer.from(answer(tag), 'latin1'));
	for (let turn = 0; turn < 20 && !settled; turn++) await turns(1);
	// Whatever the client still waits for does not come: it would run into its timeout.
	if (!settled) server.close();
	for (let turn = 0; turn < 20 && !settled; turn++) await turns(1);
	if (!settled) throw new Error('The fetch hangs although the connection is closed');
	await fetching;
	outcome.open = imap.closedBy === undefined;
	return outcome;
}

const inRows = (rows: readonly string[]) => (tag: string) =>
	[...rows, `${tag} OK Fetch completed.`].map((row) => `${row}\r\n`).join('');

/** A message as a caller sees it, by the items of FETCH. */
function plain(message: FetchedMessage): Record<string, unknown> {
	return {
		UID: message.uid,
		FLAGS: message.flags,
		INTERNALDATE: message.internalDateText,
		'RFC822.SIZE': message.size,
		ENVELOPE: message.envelope,
		BODYSTRUCTURE: message.bodyStructure,
		'BODY[]': message.body.map(({ content }) => content?.toString('latin1')),
	};
}

/** What is wrong with an outcome, by the rules above; undefined if nothing is. */
function wrongWith(
	outcome: Outcome,
	{ token, losesFraming }: Damage,
	damaged: number,
	sound: readonly Record<string, unknown>[],
): string | undefined {
	const { messages, open } = outcome;
	if (!messages) return losesFraming ? undefined : `it ended with ${String(outcome.error)}`;
	if (losesFraming) return undefined;
	if (!open) return 'the session ended';
	const others = messages.filter(({ uid, seq }) => uid !== damaged && seq !== damaged);
	const wanted = sound.filter(({ UID }) => UID !== damaged);
	if (!isDeepStrictEqual(others.map(plain), wanted)) return 'another message is not as it was';
	const own = messages.filter((message) => !others.includes(message));
	if (own.length > 1) return 'one message came twice';
	const [message] = own;
	if (!message) {
		const reported = outcome.heard.some(({ type }) => type !== 'status');
		return reported ? undefined : 'a message is missing, and nothing is reported';
	}
	if (message.uid !== undefined && message.uid !== damaged) return `it has the UID ${message.uid}`;
	if (message.malformed?.length) return undefined;
	const before = sound[damaged - 1] ?? {};
	for (const [item, value] of Object.entries(plain(message))) {
		// A row without a UID is known to be none that was asked for.
		if (item === 'UID' && value === undefined) continue;
		if (item !== token.item && !isDeepStrictEqual(value, before[item]))
			return `${item} is another, and nothing is noted`;
	}
	return undefined;
}

describe.each([
	['held', 1_000_000],
	['streamed', 16],
])('bodies that are %s', (_how, streamThreshold) => {
	test('every token of five messages, damaged in turn', { timeout: 300_000 }, async () => {
		const first = await session(streamThreshold);
		const { messages = [] } = await fetched(first, inRows(ROWS));
		const sound = messages.map(plain);
		expect(sound.map(({ UID }) => UID)).toEqual([1, 2, 3, 4, 5]);

		const counts = { damages: 0, whole: 0, partly: 0, ended: 0 };
		const wrong: string[] = [];
		let current = first;
		for (const [index, row] of ROWS.entries()) {
			for (const damage of damagesOf(row)) {
				const rows = ROWS.with(index, damage.text);
				const outcome = await fetched(current, inRows(rows));
				const problem = wrongWith(outcome, damage, index + 1, sound);
				counts.damages++;
				if (!outcome.open) counts.ended++;
				else if (outcome.messages?.length === 5 && !outcome.messages.some((m) => m.malformed))
					counts.whole++;
				else counts.partly++;
				if (problem) wrong.push(`${problem}: ${damage.name}: ${damage.text}`);
				if (!outcome.open) current = await session(streamThreshold);
			}
		}
		console.log(`Five messages, bodies ${_how}:`, counts);
		expect(wrong).toEqual([]);
		expect(counts.ended).toBeLessThan(counts.damages / 100);
	});
});

test.each([
	['a blank line', ''],
	['a foreign line', FOREIGN],
	['words', 'hello there'],
	['control bytes', '\0\x01\x7f'],
	['a response that cannot be read', '* STATUS x'],
])('%s between any two responses changes nothing', async (_what, line) => {
	const one = await session(16);
	const sound = (await fetched(one, inRows(ROWS))).messages?.map(plain);
	for (let at = 0; at <= ROWS.length; at++) {
		const { messages, open } = await fetched(one, inRows(ROWS.toSpliced(at, 0, line)));
		expect(messages?.map(plain)).toEqual(sound);
		expect(open).toBe(true);
	}
});
