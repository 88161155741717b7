/** Quota Threshold Reached. */
import { describe, expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error, type Imap4, type Quota } from '../../../../engine/index';
import type { TriggerState } from '../../../../nodes/Imap4MessageTrigger/cursor';
import { quotaThreshold } from '../../../../nodes/Imap4MessageTrigger/events/quota-above';
import { accountOf } from '../../../../nodes/shared/account/account';
import { settingsOf } from '../one-mailbox';

const account = accountOf('imap4PlainApi', {
	host: 'mail.example',
	port: 143,
	user: 'ann',
	password: 'x',
});

const quota = (root: string, percent: number | null, resource = 'STORAGE'): Quota => ({
	root,
	resources: [{ name: resource, usage: percent ?? 7, limit: percent === null ? null : 100 }],
});

type Answer = Quota[] | Error;

async function look(
	answers: Record<string, Answer>,
	{
		room = 9,
		closed = false,
		...state
	}: Partial<TriggerState> & { room?: number; closed?: boolean } = {},
) {
	const imap = {
		closedBy: closed ? new Imap4AbortError('BYE', 'gone') : undefined,
		getQuotaRoot: async (mailbox: string) => {
			const answer = answers[mailbox] ?? [];
			if (answer instanceof Error) throw answer;
			return { mailbox, roots: [], quotas: answer };
		},
	} as unknown as Imap4;
	const settings = settingsOf({ event: 'quotaAbove', quotaAbove: 90 });
	const all: TriggerState = { purpose: 'p', mailboxes: {}, ...state };
	const { items, failures } = await quotaThreshold(
		{ imap, settings, account, room },
		Object.keys(answers),
		all,
	);
	return { json: items.map(({ json }) => json), failures, state: all };
}

test('a resource is reported from the threshold on, with who reported it', async () => {
	const { json, state, failures } = await look({
		INBOX: [quota('a', 90), quota('b', 89), quota('', 100, 'MESSAGE')],
	});
	expect(json).toEqual([
		{
			id: 'mail.example/ann/INBOX/0/a%20STORAGE',
			event: 'quotaAbove',
			mailbox: 'INBOX',
			root: 'a',
			resource: 'STORAGE',
			usage: 90,
			limit: 100,
			unit: 'KB',
			percent: 90,
			detectedBy: 'GETQUOTAROOT',
		},
		expect.objectContaining({ root: '', resource: 'MESSAGE', percent: 100 }),
	]);
	expect(state.above).toEqual(['a STORAGE', ' MESSAGE']);
	expect(failures.size).toBe(0);
});

test('nothing is reported of what has no limit', async () => {
	const { json, state } = await look({ INBOX: [quota('a', null), { root: 'b', resources: [] }] });
	expect({ json, above: state.above }).toEqual({ json: [], above: [] });
});

test('a root that several mailboxes share is reported once', async () => {
	const { json } = await look({ A: [quota('r', 95)], B: [quota('r', 95)] });
	expect(json.map(({ mailbox }) => mailbox)).toEqual(['A']);
});

test('what was above stays so without an item, also as versions before 0.2 remembered it', async () => {
	const answers = { INBOX: [quota('a', 95), quota('b', 95)] };
	const { json, state } = await look(answers, {
		above: ['a STORAGE'],
		mailboxes: {
			INBOX: { uidValidity: 1, lastUid: 1, above: ['b STORAGE'] },
			Sent: { uidValidity: 1, lastUid: 1 },
		},
	});
	expect(json).toEqual([]);
	expect(state.above).toEqual(['a STORAGE', 'b STORAGE']);
	expect(state.mailboxes.INBOX).toEqual({ uidValidity: 1, lastUid: 1 });
});

test('what falls below is reported when it is above again', async () => {
	const { state } = await look({ INBOX: [quota('a', 10)] }, { above: ['a STORAGE'] });
	expect(state.above).toEqual([]);
});

test('of a root that nobody reports nothing changes', async () => {
	const { json, state } = await look({ INBOX: [] }, { above: ['a STORAGE'] });
	expect(json).toEqual([]);
	expect(state.above).toEqual(['a STORAGE']);
});

test('what a poll has no room for comes with the next one', async () => {
	const { json, state } = await look({ INBOX: [quota('a', 95), quota('b', 95)] }, { room: 1 });
	expect(json.map(({ root }) => root)).toEqual(['a']);
	expect(state.above).toEqual(['a STORAGE']);
});

describe('a mailbox whose quota is refused', () => {
	const refusal = new Imap4Error('NO', 'no');

	test('fails by itself', async () => {
		const { json, failures } = await look({ A: refusal, B: [quota('b', 95)] });
		expect(json.map(({ mailbox }) => mailbox)).toEqual(['B']);
		expect([...failures]).toEqual([['A', refusal]]);
	});

	test.each(['BAD', 'MALFORMED'] as const)(
		'fails by itself where only its own answer is %s',
		async (code) => {
			const error = new Imap4Error(code, 'what?');
			const { json, failures } = await look({ A: error, B: [quota('b', 95)] });
			expect(json.map(({ mailbox }) => mailbox)).toEqual(['B']);
			expect([...failures]).toEqual([['A', error]]);
		},
	);

	test.each([
		['the server understands nothing of it', new Imap4Error('BAD', 'what?'), false],
		['it is not an answer of the server', new TypeError('x'), false],
		['the connection broke', refusal, true],
	])('fails the poll where %s', async (_title, error, closed) => {
		await expect(look({ A: error }, { closed })).rejects.toBe(error);
	});
});
