/** The delivery Until Acknowledged: which messages the workflow still owes an acknowledgement for. */
import { UidSet } from '../../engine/index';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { keywordAt } from './acknowledgement-keyword';
import type { InFlight, MailboxCursor } from './cursor';
import { itemId, referenceOf, type MailboxPoll } from './mailbox-poll';
import { presentUids } from './message-items';

/** Deliveries after which an item says that it was never acknowledged. */
const REPORTED_AFTER = 3;

/** Flags in lower case by UID. */
async function flagsOf(
	{ open }: MailboxPoll,
	uids: readonly number[],
): Promise<Map<number, Set<string>>> {
	const found = new Map<number, Set<string>>();
	const items = { uid: true, flags: true };
	for await (const { uid, flags } of open.fetch(UidSet.from([...uids]), items)) {
		if (uid === undefined || !flags) continue;
		found.set(uid, new Set(flags.map((flag) => flag.toLowerCase())));
	}
	return found;
}

export interface Checked {
	/** Acknowledged since the last poll, and still in the mailbox. */
	acknowledged: readonly number[];
	/** Delivered long enough ago without being acknowledged. */
	again: readonly number[];
	/** Items about messages that are not delivered any more, because they were delivered too often. */
	gaveUp: readonly INodeExecutionData[];
}

/** Takes what is acknowledged, gone or given up off the cursor's list. */
export async function checkInFlight(poll: MailboxPoll, cursor: MailboxCursor): Promise<Checked> {
	const { acknowledgement } = poll.settings;
	const inFlight = cursor.inFlight ?? {};
	const uids = Object.keys(inFlight).map(Number);
	if (!acknowledgement || uids.length === 0) return { acknowledged: [], again: [], gaveUp: [] };
	const flags = await flagsOf(poll, uids);
	const there = new Set(
		await presentUids(
			poll.open,
			uids.filter((uid) => !flags.has(uid)),
		),
	);
	const { keyword, shared, byReading, againAfter, most } = acknowledgement;
	const now = Date.now();
	const acknowledged: number[] = [];
	const again: number[] = [];
	const gaveUp: INodeExecutionData[] = [];
	for (const uid of uids) {
		const delivered = inFlight[uid] as InFlight;
		const has = flags.get(uid);
		const isDone =
			has !== undefined &&
			(has.has(keywordAt(keyword, delivered.keyword).toLowerCase()) ||
				(shared !== undefined && delivered.shared !== true && has.has(shared.toLowerCase())) ||
				(byReading && !delivered.seen && has.has('\\seen')));
		// The clock was set back: waiting for that moment could take for ever.
		if (delivered.given > now) delivered.given = now;
		if (isDone) acknowledged.push(uid);
		if (isDone || (has === undefined && !there.has(uid))) delete inFlight[uid];
		else if (now - delivered.given < againAfter) continue;
		else if (delivered.times < most) again.push(uid);
		else if (gaveUp.length < poll.room) {
			gaveUp.push(gaveUpItem(poll, uid, delivered.times));
			delete inFlight[uid];
		}
	}
	return { acknowledged, again, gaveUp };
}

function gaveUpItem(poll: MailboxPoll, uid: number, times: number): INodeExecutionData {
	return {
		json: {
			id: itemId(poll, uid),
			event: poll.settings.event,
			...referenceOf(poll, uid),
			gaveUp: true,
			deliveryCount: times,
			reason: `The message was delivered ${times} times and never acknowledged. It is not delivered again.`,
		},
	};
}

/** Puts the items on the cursor's list, and into each item how to acknowledge it. */
export async function noteDelivered(
	poll: MailboxPoll,
	cursor: MailboxCursor,
	items: readonly INodeExecutionData[],
): Promise<void> {
	const { acknowledgement } = poll.settings;
	if (!acknowledgement || items.length === 0) return;
	const inFlight = (cursor.inFlight ??= {});
	const { keyword, shared } = acknowledgement;
	const fresh = items.map(({ json }) => json.uid as number).filter((uid) => !inFlight[uid]);
	const flags = fresh.length > 0 ? await flagsOf(poll, fresh) : new Map<number, Set<string>>();
	const now = Date.now();
	for (const { json } of items) {
		const uid = json.uid as number;
		const has = flags.get(uid) ?? new Set<string>();
		const known = inFlight[uid];
		const delivered: InFlight = known
			? { ...known, given: now, times: known.times + 1 }
			: { given: now, times: 1, seen: has.has('\\seen'), ...keywordsBefore(has, keyword, shared) };
		inFlight[uid] = delivered;
		Object.assign(json, acknowledgementFields(delivered, keyword));
	}
}

function keywordsBefore(
	has: ReadonlySet<string>,
	keyword: string,
	shared: string | undefined,
): Pick<InFlight, 'keyword' | 'shared'> {
	let index = 0;
	while (has.has(keywordAt(keyword, index).toLowerCase())) index++;
	return {
		...(index > 0 ? { keyword: index } : {}),
		...(shared !== undefined && has.has(shared.toLowerCase()) ? { shared: true as const } : {}),
	};
}

function acknowledgementFields({ times, keyword }: InFlight, own: string): IDataObject {
	return {
		acknowledgeKeyword: keywordAt(own, keyword),
		deliveryCount: times,
		...(times >= REPORTED_AFTER
			? {
					neverAcknowledged: `This is delivery ${times} of the message, and none was acknowledged. Add IMAP4 Message Flags with the operation Acknowledge to the end of the workflow, or increase "Redeliver After (Minutes)".`,
				}
			: {}),
	};
}
