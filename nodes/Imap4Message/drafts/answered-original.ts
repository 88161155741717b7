/** The message that was answered or forwarded, to be marked so once the answer is sent. */
import { UidSet, type Imap4, type OpenMailbox } from '../../../engine/index';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import { reasonAgainst } from '../../shared/errors/refusal';
import { UserError } from '../../shared/errors/user-error';
import { isEmptyValue, strictChoice } from '../../shared/fields/strict-values';
import { checkPermitted } from '../../shared/mailbox/permitted-flags';
import {
	checkAccount,
	checkUidValidity,
	readReference,
	type MessageReference,
} from '../../shared/message/message-reference';

/** What each choice sets; `$Forwarded` is registered for this (RFC 5788). */
const FLAGS = { answered: '\\Answered', forwarded: '$Forwarded' } as const;

export type Mark = keyof typeof FLAGS;

export interface Original {
	mark: Mark;
	reference: MessageReference;
}

export const originalProperties: INodeProperties[] = [
	{
		displayName: 'Mark Original As',
		name: 'markOriginal',
		type: 'options',
		options: [
			{
				name: 'Answered',
				value: 'answered',
				description: 'Mark it as answered (\\Answered)',
			},
			{
				name: 'Forwarded',
				value: 'forwarded',
				description: 'Mark it as forwarded ($Forwarded)',
			},
			{
				name: 'Nothing',
				value: 'nothing',
				description: "Don't mark anything, such as when there is no original",
			},
		],
		default: 'nothing',
		description: 'How to mark the original message',
	},
	{
		displayName: 'Original',
		name: 'original',
		type: 'string',
		default: '={{ $json.original }}',
		displayOptions: { show: { markOriginal: ['answered', 'forwarded'] } },
		description:
			'Reference to the original message. Use an expression for the "original" field that Reply, Reply to All or Forward returned.',
	},
];

/**
 * @param account the `url` of the account
 * @returns undefined if nothing is to be marked
 * @throws UserError if there is no reference, or it is to a message of another account
 */
export function readOriginal(
	execution: Execution,
	item: number,
	account: string,
): Original | undefined {
	const mark = strictChoice(
		execution.parameter<unknown>('markOriginal', item, 'nothing'),
		'Mark Original As',
		['nothing', 'answered', 'forwarded'],
	);
	if (mark === 'nothing') return undefined;
	const reference = readGiven(execution.parameter<unknown>('original', item, ''));
	checkAccount(reference, account);
	return { mark, reference };
}

/** An object, or the same as JSON text. */
function readGiven(given: unknown): MessageReference {
	try {
		const read: unknown = typeof given === 'string' ? JSON.parse(given) : given;
		if (!isEmptyValue(read)) return readReference(read as IDataObject);
	} catch {
		// What it is not is said below.
	}
	throw new UserError(
		'The field "Original" is not a reference to a message',
		'Use the original field of the node that created the reply, such as {{ $("Reply").item.json.original }}, or select "Nothing" in "Mark Original As".',
	);
}

/** What became of an original. */
export type Marked = { marked: true } | { marked: false; notMarked: string };

/**
 * Marks originals: one SELECT for each mailbox, one STORE for each flag. That one is gone, or that its
 * mailbox keeps no such flag or can only be read, must not lose what was sent: it is in the result.
 * @returns for each of the originals, in their order
 */
export async function markOriginals(
	imap: Imap4,
	originals: readonly Original[],
): Promise<Marked[]> {
	const results = new Map<Original, Marked>();
	for (const [name, some] of grouped(originals, ({ reference }) => reference.mailbox)) {
		const notMarked = await reasonAgainst(markIn(imap, name, some, results));
		if (notMarked === undefined) continue;
		for (const one of some) {
			if (!results.has(one)) results.set(one, { marked: false, notMarked });
		}
	}
	return originals.map(
		(one) => results.get(one) ?? { marked: false, notMarked: 'The server did not report it' },
	);
}

async function markIn(
	imap: Imap4,
	name: string,
	originals: readonly Original[],
	results: Map<Original, Marked>,
): Promise<void> {
	const mailbox = await imap.open(name);
	const fitting = originals.filter((one) => {
		try {
			checkUidValidity(one.reference, mailbox.uidValidity);
			return true;
		} catch (error) {
			results.set(one, { marked: false, notMarked: (error as Error).message });
			return false;
		}
	});
	for (const [mark, some] of grouped(fitting, (one) => one.mark)) {
		const uids = [...new Set(some.map(({ reference }) => reference.uid))];
		const there = new Set<number>(await mailbox.search({ uid: uids }));
		const notMarked = await reasonAgainst(addFlag(mailbox, FLAGS[mark], [...there]));
		const marked: Marked =
			notMarked === undefined ? { marked: true } : { marked: false, notMarked };
		const gone = { marked: false as const, notMarked: 'The message was moved or deleted' };
		for (const one of some) results.set(one, there.has(one.reference.uid) ? marked : gone);
	}
}

async function addFlag(mailbox: OpenMailbox, flag: string, uids: readonly number[]): Promise<void> {
	if (uids.length === 0) return;
	checkPermitted(mailbox, [flag]);
	await mailbox.store(UidSet.from(uids), '+FLAGS', [flag], { silent: true });
}

function grouped<Value, Key>(
	values: readonly Value[],
	keyOf: (value: Value) => Key,
): Map<Key, Value[]> {
	const groups = new Map<Key, Value[]>();
	for (const value of values) {
		const key = keyOf(value);
		const group = groups.get(key);
		if (group) group.push(value);
		else groups.set(key, [value]);
	}
	return groups;
}
