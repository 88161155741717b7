/**
 * What the trigger owes, kept beside the server: every message that ever was, and what became of it. Where
 * docs/delivery.md promises nothing (a mailbox whose UIDVALIDITY changes without Compare by Message-ID), a
 * message may be delivered or not. A poll is clean if nothing disturbed it; what a disturbed poll has found
 * out is not known, so what must have been noticed is judged after clean ones.
 */
import type { IDataObject } from 'n8n-workflow';
import type { World } from './world';

export type Kind = 'received' | 'rescan' | 'acknowledged' | 'flags' | 'removed' | 'quota';

export interface Setting {
	kind: Kind;
	/** Whether mailboxes are recognized by MAILBOXID. */
	objectId: boolean;
	/** Whether all mailboxes are watched, or INBOX only. */
	pattern: boolean;
}

interface Message {
	subject: string;
	uid: number;
	box: Box;
	uidValidity: number;
	isThere: boolean;
	/** Came from another mailbox, with its Message-ID. */
	moved: boolean;
	/** Whether it must, may, or must not be delivered. */
	due: 'must' | 'may' | 'not';
	delivered: number;
	deliveredAt: number;
	unreadable: boolean;
	keyword: string | undefined;
	acknowledged: boolean;
	flags: readonly string[];
	/** All flags that it had since they were last reported. */
	past: string[];
	/** Present in a clean poll. */
	seen: boolean;
	/** Flags as the trigger must remember them. */
	reported: string;
	removalReported: boolean;
}

export interface Box {
	name: string;
	uidValidity: number;
	messages: Map<number, Message>;
	/** Since the last clean poll. */
	renumbered: boolean;
	renamed: boolean;
	isThere: boolean;
}

/** Milliseconds after which a message that is not acknowledged comes again. */
export const AGAIN_AFTER = 30 * 60_000;
const FLAGS = ['\\Seen', '\\Flagged', '\\Answered', 'urgent'];
const NAMES = ['A', 'B', 'C', 'D', 'E'];

const textOf = (flags: readonly string[]): string => [...flags].sort().join(' ');

export class Model {
	readonly boxes: Box[] = [];
	/** What went wrong; the test fails with the first. */
	readonly wrong: string[] = [];
	private readonly all: Message[] = [];
	/** Mailboxes that were there at the last clean poll. */
	private seenBoxes = new Set<Box>();
	/** By name, which mailboxes had it at the last clean poll or at a disturbed one since. */
	private occupants = new Map<string, Set<Box>>();
	private disturbed = false;
	private aboveQuota: boolean | undefined = false;
	private count = 0;

	constructor(
		private readonly world: World,
		private readonly setting: Setting,
		private readonly now: () => number,
	) {}

	async begin(): Promise<void> {
		for (const name of ['INBOX', 'A', 'B']) await this.create(name);
		for (const box of [...this.boxes]) {
			for (let n = 0; n < 3; n++) (await this.append(box)).due = 'not';
		}
	}

	/** One thing that happens to the mail. */
	async happen(what: number, which: number, how: number): Promise<void> {
		const pick = <Value>(from: readonly Value[], index: number): Value | undefined =>
			from[index % Math.max(1, from.length)];
		const box = pick(this.boxes, which) as Box;
		const others = this.boxes.filter(({ name }) => name !== 'INBOX');
		const free = NAMES.filter((name) => !this.boxes.some((one) => one.name === name));
		const message = pick([...box.messages.values()], how);
		switch (what) {
			case 0:
			case 1:
			case 2:
				await this.append(box);
				return;
			case 3:
				if (message) await this.remove(message);
				return;
			case 4: {
				const to = pick(
					this.boxes.filter((one) => one !== box),
					how,
				);
				if (message && to) await this.move(message, to);
				return;
			}
			case 5:
			case 6:
				if (message) await this.setFlags(message, toggled(message.flags, pick(FLAGS, how + which)));
				return;
			case 7:
				await this.renumber(box);
				return;
			case 8: {
				const name = pick(free, how);
				if (name !== undefined) await this.create(name);
				return;
			}
			case 9: {
				const from = pick(others, which);
				const name = pick(free, how);
				if (from && name !== undefined) await this.rename(from, name);
				return;
			}
			case 10: {
				const from = pick(others, which);
				if (from && others.length > 1) await this.delete(from);
				return;
			}
			case 11: {
				// Rotated.
				const from = pick(others, which);
				const to = pick(free, how);
				if (!from || to === undefined) return;
				const { name } = from;
				await this.rename(from, to);
				await this.append(await this.create(name));
				return;
			}
			case 12: {
				// Deleted and made again, as a restored backup is.
				const from = pick(others, which);
				if (!from) return;
				await this.delete(from);
				const again = await this.create(from.name);
				if (how % 2 === 0) await this.append(again);
				return;
			}
			default:
				await this.acknowledge(how);
		}
	}

	async acknowledge(index: number): Promise<boolean> {
		const open = this.all.filter(
			(one) => one.isThere && one.keyword !== undefined && !one.acknowledged,
		);
		const one = open[index % Math.max(1, open.length)];
		if (one?.keyword === undefined) return false;
		await this.setFlags(one, [...one.flags, one.keyword]);
		one.acknowledged = true;
		return true;
	}

	/** Call it before each poll. @param clean whether nothing will disturb it */
	beforePoll(clean: boolean): void {
		const { objectId, kind } = this.setting;
		for (const box of this.watched) {
			const isNew = !this.seenBoxes.has(box);
			const before = [...(this.occupants.get(box.name) ?? [])].filter((one) => one !== box);
			const followed = before.every(
				(one) => one.isThere && (objectId || !one.renumbered) && !this.disturbed,
			);
			// Nobody can tell which mailbox it is, where there is no MAILBOXID, or it was refused.
			const told = objectId && clean && !this.disturbed;
			const unknown =
				box.renumbered && !told && (box.renamed || this.disturbed || before.length > 0);
			const anew = (isNew && !followed) || box.renumbered;
			for (const message of box.messages.values()) {
				if (unknown) message.due = 'may';
				if (!anew || message.due === 'not' || message.delivered > 0) continue;
				if (kind !== 'rescan' || message.moved || message.unreadable) message.due = 'may';
			}
		}
	}

	/** @param items undefined if the poll failed */
	afterPoll(items: readonly IDataObject[] | undefined, clean: boolean): void {
		for (const item of items ?? []) this.take(item, clean);
		if (clean && !items) this.fail('a poll failed that nothing disturbed');
		if (this.setting.kind === 'quota') this.judgeQuota(items, clean);
		if (clean) {
			if (this.setting.kind === 'flags') this.judgeFlags();
			if (this.setting.kind === 'removed') this.judgeRemovals();
			this.settle();
			return;
		}
		this.disturbed = true;
		for (const box of this.watched) {
			const all = this.occupants.get(box.name) ?? new Set();
			this.occupants.set(box.name, all.add(box));
		}
	}

	/** What must have been delivered by now. */
	judgeDeliveries(): void {
		if (!['received', 'rescan', 'acknowledged'].includes(this.setting.kind)) return;
		for (const { messages } of this.watched) {
			for (const message of messages.values()) {
				if (message.due !== 'must') continue;
				if (message.delivered === 0) this.fail(`${nameOf(message)} is lost`);
				else if (this.setting.kind === 'acknowledged' && !message.acknowledged) {
					this.fail(`${nameOf(message)} was never acknowledged`);
				}
			}
		}
	}

	private get watched(): Box[] {
		return this.setting.pattern ? this.boxes : this.boxes.filter(({ name }) => name === 'INBOX');
	}

	private fail(what: string): void {
		this.wrong.push(what);
	}

	/** Mailboxes of one account may share a UIDVALIDITY, as they do on Cyrus; then the name tells them apart. */
	private named({ uidValidity, uid, mailbox }: IDataObject): Message | undefined {
		const found = this.all.filter((one) => one.uidValidity === uidValidity && one.uid === uid);
		return found.findLast(({ box }) => box.name === mailbox) ?? found.at(-1);
	}

	private take(item: IDataObject, clean: boolean): void {
		if (this.setting.kind === 'quota') return;
		const message = this.named(item);
		if (!message) {
			this.fail(`an item about a message that never was: ${JSON.stringify(item).slice(0, 300)}`);
			return;
		}
		if (item.subject !== undefined && item.subject !== message.subject) {
			this.fail(`${nameOf(message)} came with the content of ${String(item.subject)}`);
		}
		if (item.unreadable !== undefined) message.unreadable = true;
		switch (this.setting.kind) {
			case 'flags':
				return this.takeFlags(message, item);
			case 'removed':
				if (message.isThere) this.fail(`${nameOf(message)} was reported as removed, and is there`);
				if (message.removalReported) this.fail(`${nameOf(message)} was removed twice`);
				message.removalReported = true;
				return;
			case 'acknowledged':
				this.takeAgain(message, item, clean);
				break;
			default:
				if (message.delivered > 0) this.fail(`${nameOf(message)} was delivered twice`);
		}
		if (message.due === 'not') this.fail(`${nameOf(message)} is not new`);
		message.delivered++;
		message.deliveredAt = this.now();
	}

	private takeAgain(message: Message, item: IDataObject, clean: boolean): void {
		if (message.acknowledged && clean) this.fail(`${nameOf(message)} came again, acknowledged`);
		if (message.delivered > 0 && this.now() - message.deliveredAt < AGAIN_AFTER) {
			this.fail(`${nameOf(message)} came again too early`);
		}
		const { acknowledgeKeyword } = item;
		if (typeof acknowledgeKeyword === 'string') message.keyword = acknowledgeKeyword;
		// Nobody could acknowledge what can't be read.
		else message.acknowledged = true;
	}

	private takeFlags(message: Message, { flags, unreadable }: IDataObject): void {
		const text = textOf(flags as string[]);
		const possible = [...message.past, textOf(message.flags)];
		if (!possible.includes(text)) this.fail(`${nameOf(message)} never had the flags (${text})`);
		if (message.seen && message.reported === text) {
			this.fail(`the flags (${text}) of ${nameOf(message)} were reported twice`);
		}
		if (unreadable !== undefined) message.unreadable = true;
		message.reported = text;
		message.seen = true;
		message.past = [];
	}

	private judgeFlags(): void {
		for (const box of this.watched) {
			if (!this.seenBoxes.has(box) || box.renumbered) continue;
			for (const message of box.messages.values()) {
				const now = textOf(message.flags);
				if (message.seen && message.reported !== now) {
					this.fail(`the flags (${now}) of ${nameOf(message)} were not reported`);
				}
			}
		}
	}

	private judgeRemovals(): void {
		for (const message of this.all) {
			const { box, seen, isThere, removalReported, uidValidity } = message;
			if (isThere || !seen || removalReported) continue;
			const known = this.seenBoxes.has(box) && box.isThere && !box.renumbered;
			if (!known || uidValidity !== box.uidValidity || !this.watched.includes(box)) continue;
			this.fail(`the removal of ${nameOf(message)} was not reported`);
		}
	}

	private judgeQuota(items: readonly IDataObject[] | undefined, clean: boolean): void {
		const used = this.boxes.reduce((sum, { messages }) => sum + messages.size, 0);
		const isAbove = used * 2 >= QUOTA_MESSAGES;
		const count = items?.length ?? 0;
		if (count > 0 && (!isAbove || this.aboveQuota === true || count > 1)) {
			this.fail(`the quota was reported ${count} times with ${used} messages`);
		}
		if (clean && isAbove && this.aboveQuota === false && count === 0) {
			this.fail(`the quota was not reported with ${used} messages`);
		}
		// A disturbed poll may have seen it below, or not.
		if (clean || count > 0) this.aboveQuota = isAbove;
		else if (this.aboveQuota !== isAbove) this.aboveQuota = undefined;
	}

	/** Nothing is unknown after a clean poll. */
	private settle(): void {
		this.seenBoxes = new Set(this.watched);
		this.occupants = new Map(this.watched.map((box) => [box.name, new Set([box])]));
		this.disturbed = false;
		for (const box of this.watched) {
			box.renumbered = false;
			box.renamed = false;
			for (const message of box.messages.values()) {
				message.seen = true;
				message.reported = textOf(message.flags);
				message.past = [];
			}
		}
		for (const message of this.all) if (!message.isThere) message.removalReported = true;
	}

	private async create(name: string): Promise<Box> {
		const uidValidity = await this.world.create(name);
		const box: Box = {
			...{ name, uidValidity, messages: new Map(), isThere: true },
			...{ renumbered: false, renamed: false },
		};
		this.boxes.push(box);
		return box;
	}

	private async append(box: Box): Promise<Message> {
		const subject = `message ${this.count++}`;
		return this.put(box, await this.world.append(box.name, subject), { subject });
	}

	private put(box: Box, uid: number, given: Partial<Message> & Pick<Message, 'subject'>): Message {
		const message: Message = {
			...{ uid, box, uidValidity: box.uidValidity, isThere: true, moved: false, due: 'must' },
			...{ delivered: 0, deliveredAt: 0, unreadable: false, keyword: undefined },
			...{ acknowledged: false, flags: [], past: [], seen: false, reported: '' },
			...{ removalReported: false },
			...given,
		};
		box.messages.set(uid, message);
		this.all.push(message);
		return message;
	}

	private async remove(message: Message): Promise<void> {
		await this.world.remove(message.box.name, message.uid);
		message.box.messages.delete(message.uid);
		message.isThere = false;
	}

	private async move(message: Message, to: Box): Promise<void> {
		const { subject, flags, box } = message;
		const uid = await this.world.move(box.name, message.uid, to.name);
		box.messages.delete(message.uid);
		message.isThere = false;
		this.put(to, uid, { subject, flags, moved: true });
	}

	private async setFlags(message: Message, flags: readonly string[]): Promise<void> {
		await this.world.setFlags(message.box.name, message.uid, flags);
		message.past.push(textOf(message.flags));
		message.flags = flags;
	}

	private async renumber(box: Box): Promise<void> {
		const uidValidity = await this.world.renumber?.(box.name);
		if (uidValidity === undefined) return;
		box.uidValidity = uidValidity;
		box.renumbered = true;
		for (const old of [...box.messages.values()]) {
			old.isThere = false;
			const { subject, flags, moved, due, delivered, unreadable } = old;
			const settled = this.setting.kind !== 'acknowledged' && !unreadable;
			const next = due === 'not' ? 'not' : delivered > 0 ? (settled ? 'not' : 'may') : due;
			this.put(box, old.uid, { subject, flags, moved, unreadable, due: next });
		}
	}

	private async rename(box: Box, name: string): Promise<void> {
		await this.world.rename(box.name, name);
		box.name = name;
		box.renamed = true;
	}

	private async delete(box: Box): Promise<void> {
		await this.world.delete(box.name);
		this.boxes.splice(this.boxes.indexOf(box), 1);
		box.isThere = false;
		for (const message of box.messages.values()) message.isThere = false;
	}
}

/** Messages that the account may have, of which half are the threshold. */
export const QUOTA_MESSAGES = 26;

const nameOf = ({ subject, box, uid, uidValidity }: Message): string =>
	`"${subject}" (${box.name}, ${uidValidity}/${uid})`;

function toggled(flags: readonly string[], flag: string | undefined): readonly string[] {
	if (flag === undefined) return flags;
	return flags.includes(flag) ? flags.filter((one) => one !== flag) : [...flags, flag];
}
