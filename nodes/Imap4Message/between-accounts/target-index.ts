/** What a mailbox has already, so that nothing is stored twice, and what was stored can be found. */
import type { FetchedMessage, OpenMailbox, Uid } from '../../../engine/index';
import { messageIds } from '../../../mail/header/message-ids';
import { RawHeader } from '../../../mail/header/raw-header';
import { fetchAccounted } from '../../shared/message/fetch-accounted';

/** What distinguishes messages on two servers. */
export interface MessageFacts {
	uid: Uid;
	/** Bytes. */
	size: number;
	/** INTERNALDATE in milliseconds since 1970. */
	date: number;
	messageId: string | undefined;
}

/** What is fetched for the facts of a message, with its flags. */
export const FACTS = {
	uid: true,
	flags: true,
	size: true,
	internalDate: true,
	body: [{ section: 'HEADER.FIELDS', fields: ['Message-ID'], peek: true }],
};

/** @returns undefined if the server left something out */
export async function factsOf(message: FetchedMessage): Promise<MessageFacts | undefined> {
	const header = await message.body[0]?.bytes();
	const { uid, size, internalDate } = message;
	if (uid === undefined || size === undefined || internalDate === undefined) return undefined;
	const messageId = header
		? messageIds(new RawHeader(header).first('message-id') ?? '')[0]
		: undefined;
	return { uid, size, date: internalDate.getTime(), messageId };
}

/** `same` in all that can be compared; `alike` by Message-ID and one of size and date: servers may change either. */
export interface Found {
	facts: MessageFacts;
	how: 'same' | 'alike';
}

export class TargetIndex {
	private readonly byId = new Map<string, MessageFacts[]>();
	private last = 0;
	/** Stored by oneself since the last look. */
	private readonly own = new Set<Uid>();

	constructor(private readonly mailbox: OpenMailbox) {}

	/** Reads all that is there. One that the server leaves out would be stored a second time. */
	async read(): Promise<void> {
		const uids = await this.mailbox.search({});
		await fetchAccounted(this.mailbox, uids, FACTS, async (uid, message) => {
			const facts = await factsOf(message);
			if (facts) this.add(facts);
			this.last = Math.max(this.last, uid);
			return facts !== undefined;
		});
	}

	/** Reads what others have stored since the last time. @returns that */
	async refresh(): Promise<MessageFacts[]> {
		const known = this.last;
		const came: MessageFacts[] = [];
		for await (const message of this.mailbox.fetch(this.unseen(), FACTS)) {
			const facts = await factsOf(message);
			// The last message is in `n:*` whatever n is (RFC 9051 §9, seq-range).
			if (!facts || facts.uid <= known || this.own.has(facts.uid)) continue;
			came.push(facts);
			this.add(facts);
		}
		this.last = [...came.map(({ uid }) => uid), ...this.own].reduce(
			(last, uid) => Math.max(last, uid),
			known,
		);
		this.own.clear();
		return came;
	}

	private add(facts: MessageFacts): void {
		const key = keyOf(facts);
		const alike = this.byId.get(key);
		if (alike) alike.push(facts);
		else this.byId.set(key, [facts]);
	}

	/** UIDs beyond the last one that was read, without one's own: usually a single range. */
	private unseen(): string {
		const ranges: string[] = [];
		let from = this.last + 1;
		for (const uid of [...this.own].sort((a, b) => a - b)) {
			if (uid > from) ranges.push(`${from}:${uid - 1}`);
			from = Math.max(from, uid + 1);
		}
		return [...ranges, `${from}:*`].join(',');
	}

	/** The message that is the same as one elsewhere; each stands for one other only. */
	take(wanted: MessageFacts): Found | undefined {
		const candidates = this.byId.get(keyOf(wanted)) ?? [];
		for (const how of ['same', 'alike'] as const) {
			const at = candidates.findIndex((one) => {
				const [size, date] = [one.size === wanted.size, one.date === wanted.date];
				return how === 'same' ? size && date : size || date;
			});
			if (at >= 0) return { facts: candidates.splice(at, 1)[0] as MessageFacts, how };
		}
		return undefined;
	}

	/** Notes what was stored just now, so that it is not read. */
	skip(uid: Uid): void {
		this.own.add(uid);
	}
}

/** Without a Message-ID, only date and size distinguish messages. */
export function keyOf({ messageId, date, size }: MessageFacts): string {
	return messageId ?? `${date} ${size}`;
}
