/** Static data that an import, a hand or another version has damaged: said once, and the trigger goes on. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { isSoundCursor } from '../../../nodes/Imap4MessageTrigger/cursor-check';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const VALUES = [null, '', 'x', -1, 1.5, {}, [], [null], { a: 1 }, { 7: null }, true, 1e300];

describe('a cursor', () => {
	const sound = {
		uidValidity: 1,
		mailboxId: 'F1',
		goneSince: 1,
		lastUid: 7,
		queue: '1:3',
		held: { 5: { tries: 1, reason: 'no', broke: true } },
		suspects: '4',
		inFlight: { 6: { given: 1, times: 1, seen: false, keyword: 1, who: 'w' } },
		pending: '1,3',
		fingerprints: ['w'],
		modSeq: '9223372036854775807',
		flagSets: { '': '1', '\\Seen $x': '2:3' },
		flags: { 1: '\\Seen' },
		known: '',
		uidNext: 8,
		exists: 7,
		renumbered: 1,
		above: ['ROOT STORAGE'],
		baseline: true,
		fromNow: true,
		wrongUidNext: true,
		ofALaterVersion: { any: 'thing' },
	};

	test('is sound with every field, and with what each cursor has', () => {
		expect(isSoundCursor(sound)).toBe(true);
		expect(isSoundCursor({ uidValidity: null, lastUid: 0 })).toBe(true);
	});

	test.each<[string, unknown[]]>([
		['lastUid', [...VALUES, undefined, 2 ** 32]],
		['uidValidity', [...VALUES.slice(1), undefined]],
		['queue', [...VALUES, '0', '1:*', '4294967296', '1:2:3']],
		['suspects', VALUES],
		['pending', VALUES],
		['known', VALUES.filter((value) => value !== '')],
		['held', [...VALUES.filter((value) => JSON.stringify(value) !== '{}'), { 7: { tries: 1 } }]],
		['inFlight', [{ 7: {} }, { 7: { given: 'x', times: 1 } }, { x: { given: 1, times: 1 } }, 'x']],
		['fingerprints', ['x', [1], {}, null]],
		['modSeq', [...VALUES, '99999999999999999999']],
		['flagSets', ['x', [], { a: 'x' }, null]],
		['flags', ['x', [], { 1: 2 }, { a: 'x' }]],
		['uidNext', VALUES],
		['exists', VALUES],
		['goneSince', ['x', null, -1, {}]],
		['baseline', ['x', 0, null]],
	])('is damaged where %s is not what it has to be', (field, values) => {
		for (const value of values) {
			expect([value, isSoundCursor({ ...sound, [field]: value })]).toEqual([value, false]);
		}
	});
});

async function start(parameters: INodeParameters) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	const poller = new Poller({ server, parameters });
	await poller.poll();
	inbox.append(mail('two'));
	await poller.poll();
	/** The same trigger with other static data. */
	const damaged = (damage: (state: IDataObject) => void): Poller => {
		const { staticData } = poller;
		const [node] = Object.values(staticData) as Array<{ imap4: IDataObject }>;
		if (node) damage(node.imap4);
		return poller.restarted(staticData);
	};
	return { inbox, damaged };
}

const WATCHES: Array<[string, INodeParameters]> = [
	['one mailbox', {}],
	['a pattern', { watch: 'pattern', pattern: '*' }],
	['existing messages too', { options: { includeExisting: true } }],
	['compared by Message-ID', { options: { onRenumbered: 'rescan' } }],
];

test.each(WATCHES)(
	'%s: it is reported once, and what comes afterwards is delivered',
	async (_title, watch) => {
		const { inbox, damaged } = await start(watch);
		const poller = damaged((state) => {
			(state.mailboxes as IDataObject).INBOX = { uidValidity: 'x' };
		});
		expect(await poller.poll()).toEqual([]);
		expect(poller.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('remembered of the mailbox "INBOX" is damaged'),
		]);
		inbox.append(mail('three'));
		expect(await poller.subjects()).toEqual(['three']);
		expect(poller.errors).toHaveLength(1);
	},
);

test.each(['flagsChanged', 'messageRemoved'])('%s: the same', async (event) => {
	const { inbox, damaged } = await start({ event });
	const poller = damaged((state) => {
		(state.mailboxes as IDataObject).INBOX = null;
	});
	expect(await poller.poll()).toEqual([]);
	expect(poller.errors).toHaveLength(1);
	const [first] = inbox.messages;
	if (!first) throw new Error('There is no message');
	if (event === 'flagsChanged') inbox.setFlags(first, ['\\Flagged']);
	else inbox.remove(new Set([first]));
	expect((await poller.poll()).map(({ uid }) => uid)).toEqual([1]);
});

test.each(['watched', 'beginWith', 'failing', 'above', 'unacknowledgedReported'])(
	'a damaged "%s" costs no message',
	async (field) => {
		const { inbox, damaged } = await start({ watch: 'pattern', pattern: '*' });
		for (const value of [null, 1, [1], { a: 1 }]) {
			const poller = damaged((state) => (state[field] = value));
			inbox.append(mail('three'));
			expect(await poller.subjects()).toEqual(['three']);
			expect(poller.errors).toEqual([]);
			inbox.remove(new Set(inbox.messages.slice(2)));
			inbox.uidNext = 3;
		}
	},
);
