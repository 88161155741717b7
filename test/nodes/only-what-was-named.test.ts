/**
 * Two accounts whose mailboxes have the same names, UIDVALIDITY and UIDs, and items made at random that
 * name messages of either: nothing but what an item named of the node's own account ever changes.
 */
import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterAll, describe, expect, test } from 'vitest';
import { accountOf } from '../../nodes/shared/account/account';
import { MemoryServer } from '../server';
import { ACCOUNT, box, mail, PASSWORD, runToEnd, USER } from './run-node';

const OTHER_USER = 'bert@example.com';
const OTHER = accountOf('imap4PlainApi', {
	...{ host: '127.0.0.1', port: 143, user: OTHER_USER, password: PASSWORD },
}).url;
const VALIDITY = 7;
const HOUR = 3_600_000;
const START = Date.parse('2026-03-28T00:00:00Z');
/** UIDs 3 and 6 are gone. */
const PRESENT = [1, 2, 4, 5, 7];
const BOXES = ['INBOX', 'One'];

interface Message {
	uid: number;
	subject: string;
	received: number;
	seen: boolean;
}
/** The same in each mailbox of each account. */
const MESSAGES: readonly Message[] = PRESENT.map((uid) => ({
	uid,
	subject: uid % 2 === 0 ? `even ${uid}` : `odd ${uid}`,
	received: START + uid * 9 * HOUR,
	seen: uid > 4,
}));

async function account(user: string): Promise<MemoryServer> {
	const server = await MemoryServer.start({});
	server.addAccount(user, PASSWORD);
	server.account(user).create('Target');
	for (const name of BOXES) {
		const account = server.account(user);
		const mailbox = name === 'INBOX' ? account.mailbox(name) : account.create(name);
		mailbox.uidValidity = VALIDITY;
		for (let uid = 1; uid <= 7; uid++) {
			const { subject, received, seen } = MESSAGES.find((one) => one.uid === uid) ?? {
				...{ subject: 'gone', received: START, seen: false },
			};
			mailbox.append(mail(subject), {
				internalDate: new Date(received),
				flags: seen ? ['\\Seen'] : [],
			});
		}
		mailbox.remove(new Set(mailbox.messages.filter(({ uid }) => !PRESENT.includes(uid))));
	}
	return server;
}

/** What can be seen of the messages of both mailboxes: `One 4`, with its flags. */
function stateOf(server: MemoryServer, user: string): Map<string, string> {
	return new Map(
		BOXES.flatMap((name) =>
			server
				.account(user)
				.mailbox(name)
				.messages.map(({ uid, flags }) => [
					`${name} ${uid}`,
					[...flags]
						.filter((flag) => flag !== '\\Recent')
						.sort()
						.join(' '),
				]),
		),
	);
}

const boxName = fc.constantFrom(...BOXES);
/** What an expression can come out with. */
const nothing = fc.constantFrom<unknown>(undefined, null, '', NaN, {}, []);

const reference = fc.record({
	mailbox: fc.oneof({ weight: 8, arbitrary: boxName }, fc.constantFrom('Nowhere', '')),
	uidValidity: fc.oneof(
		{ weight: 8, arbitrary: fc.constant<unknown>(VALIDITY) },
		fc.constantFrom<unknown>(VALIDITY + 1, undefined, 'x'),
	),
	uid: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 9 }) }, nothing),
	account: fc.constantFrom<unknown>(ACCOUNT, ACCOUNT, OTHER, OTHER, undefined, 'someone else', 5),
});

const number = fc.integer({ min: 1, max: 12 });
const uidSet = fc.oneof(
	{
		weight: 8,
		arbitrary: fc
			.array(
				fc.oneof(
					number.map(String),
					fc.tuple(number, number).map((range) => range.join(':')),
					number.map((least) => `${least}:*`),
				),
				{ minLength: 1, maxLength: 3 },
			)
			.map((parts) => parts.join(',')),
	},
	nothing,
);

const filters = fc.record(
	{
		subject: fc.oneof(fc.constantFrom<unknown>('even', 'odd 5', 'nobody'), nothing),
		readStatus: fc.oneof(fc.constantFrom<unknown>('read', 'unread', 'all'), nothing),
		before: fc.oneof(
			number.map((hours) => new Date(START + hours * 5 * HOUR).toISOString() as unknown),
			nothing,
		),
		larger: fc.oneof(fc.constantFrom<unknown>(0, 1_000_000), nothing),
	},
	{ requiredKeys: [] },
);

const isNothing = (value: unknown): boolean =>
	value === '' ||
	value === null ||
	value === undefined ||
	Number.isNaN(value) ||
	(typeof value === 'object' && Object.keys(value).length === 0);

/** The UIDs that a set names, as a person reads it: `9:*` is nothing where 7 is the last. */
function uidsIn(set: unknown): number[] {
	if (typeof set !== 'string' || set === '') return [];
	return PRESENT.filter((uid) =>
		set.split(',').some((part) => {
			const [first = '', last = first] = part.split(':');
			if (last === '*') return uid >= Number(first);
			const [low, high] = [Number(first), Number(last)].sort((a, b) => a - b) as [number, number];
			return uid >= low && uid <= high;
		}),
	);
}

/** @param names the filters that the node has, of which an item may have no value */
function uidsFound(names: readonly string[], wanted: IDataObject): number[] {
	const values = names.map((name) => [name, wanted[name]] as const);
	const any = values.some(([name, value]) => !(name === 'readStatus' && value === 'all'));
	if (!any || values.some(([, value]) => isNothing(value))) return [];
	const given: IDataObject = Object.fromEntries(values);
	const { subject, readStatus, before, larger } = given;
	return MESSAGES.filter(
		(one) =>
			(subject === undefined || one.subject.includes(subject as string)) &&
			(readStatus === undefined || readStatus === 'all' || one.seen === (readStatus === 'read')) &&
			(before === undefined || one.received < Date.parse(before as string)) &&
			(larger === undefined || larger === 0),
	).map(({ uid }) => uid);
}

function uidsReferred({ uidValidity, uid, account: named }: IDataObject): number[] {
	const isOwn = named === ACCOUNT || named === undefined;
	const isValid = uidValidity === VALIDITY || uidValidity === undefined;
	return isOwn && isValid && PRESENT.includes(uid as number) ? [uid as number] : [];
}

const selections = {
	input: { items: reference, parameters: {}, named: uidsReferred },
	reference: {
		items: reference,
		parameters: {
			mailbox: box('={{ $json.mailbox }}'),
			referenceUidValidity: '={{ $json.uidValidity }}',
			referenceUid: '={{ $json.uid }}',
			referenceAccount: '={{ $json.account }}',
		},
		named: uidsReferred,
	},
	uids: {
		items: fc.record({ mailbox: boxName, uids: uidSet }),
		parameters: { mailbox: box('={{ $json.mailbox }}'), uids: '={{ $json.uids }}' },
		named: ({ uids }: IDataObject) => uidsIn(uids),
	},
	search: {
		items: fc.record({ mailbox: boxName, filters }),
		parameters: { mailbox: box('={{ $json.mailbox }}') },
		named: ({ filters: wanted }: IDataObject, names: readonly string[]) =>
			uidsFound(names, wanted as IDataObject),
	},
} as const;

const operations = [
	['imap4Flags', 'add', { keywords: 'touched' }],
	['imap4Flags', 'set', { keywords: 'touched' }],
	['imap4Message', 'delete', { deleteMode: 'permanent' }],
	['imap4Message', 'move', { destination: box('Target') }],
] as const;

describe.each(Object.entries(selections))('messages chosen by "%s"', (way, selection) => {
	let touched = 0;
	// Else the tests would hold of nodes that do nothing. The samples are random: of one operation all may miss.
	afterAll(() => expect(touched).toBeGreaterThan(0));

	test.each(operations)('%s %s', async (node, operation, more) => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(selection.items as fc.Arbitrary<IDataObject>, { minLength: 1, maxLength: 4 }),
				async (items) => {
					const [own, other] = await Promise.all([account(USER), account(OTHER_USER)]);
					try {
						// The filters are those of the node, not of an item.
						const names = Object.keys((items[0]?.filters as IDataObject | undefined) ?? {});
						const expressions = names.map((name) => [name, `={{ $json.filters.${name} }}`]);
						const before = stateOf(own, USER);
						const untouched = stateOf(other, OTHER_USER);
						await runToEnd({
							...{ node, operation, server: own, items, continueOnFail: true },
							parameters: {
								...{ messages: way, ...selection.parameters, ...more },
								filters: Object.fromEntries(expressions) as INodeParameters,
							},
						});
						const named = new Set(
							items.flatMap((item) =>
								selection.named(item, names).map((uid) => `${String(item.mailbox)} ${uid}`),
							),
						);
						const after = stateOf(own, USER);
						const changed = [...before].filter(([key, flags]) => after.get(key) !== flags);
						touched += changed.length;
						for (const [key] of changed) expect([...named]).toContain(key);
						expect(stateOf(other, OTHER_USER)).toEqual(untouched);
						expect(other.connections.total).toBe(0);
					} finally {
						await Promise.all([own.stop(), other.stop()]);
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});
