/**
 * Connections that outlive an execution for a short while, so that the next one needs no new login.
 * They are kept by identity and never shared across identities, and never keep the process alive.
 */
import type { Imap4, SelectedMailbox } from '../../../engine/index';
import type { Account } from './account';
import { logIn } from './open-connection';

/** Milliseconds that a connection nobody uses stays open. */
const IDLE_TIME = 15_000;
/** Idle connections of one identity; servers allow few at a time, often ten for all clients together. */
const MOST_IDLE = 3;
/** Idle connections of all identities; an administrator who acts as a thousand users has as many. */
const MOST_IDLE_IN_ALL = 100;

interface Idle {
	imap: Imap4;
	/** Until its last mailbox is left. */
	left: Promise<void>;
	timer: NodeJS.Timeout;
}

const idle = new Map<string, Idle[]>();

/**
 * Lends a connection of the account to `work`, and to nobody else meanwhile.
 *
 * A connection from an earlier use may have been closed by the server since: if it breaks in `open`,
 * `open` runs again on another one. So `open` must change nothing.
 * @param open what to begin with; mostly the SELECT or EXAMINE of a mailbox. `kept` tells whether the
 * connection is from an earlier use
 * @param options.keep whether the connection stays open for the next use; else it is ended without waiting for that
 * @param options.signal closes the connection, which ends all that waits for it
 * @throws the signal's reason if it is aborted before the login is done; Imap4Error as logIn, and what `open` and `work` throw
 */
export async function withConnection<Opened, Result>(
	account: Account,
	open: (imap: Imap4, kept: boolean) => Promise<Opened>,
	work: (imap: Imap4, opened: Opened) => Promise<Result>,
	{ keep = true, signal }: { keep?: boolean; signal?: AbortSignal } = {},
): Promise<Result> {
	for (;;) {
		signal?.throwIfAborted();
		const kept = takeIdle(account.identity);
		// What is still to be done to leave the last mailbox would hit the next one.
		await kept?.left;
		const imap = kept?.imap ?? (await logIn(account, {}, signal));
		const close = (): void => imap.destroy();
		signal?.addEventListener('abort', close, { once: true });
		if (signal?.aborted) close();
		try {
			let opened: Opened;
			try {
				opened = await open(imap, kept !== undefined);
			} catch (error) {
				if (kept !== undefined && imap.closedBy !== undefined) continue;
				throw error;
			}
			return await work(imap, opened);
		} finally {
			signal?.removeEventListener('abort', close);
			giveBack(account.identity, imap, keep);
		}
	}
}

/** For commands that need no mailbox selected: finds out whether a kept connection still lives. */
export async function probe(imap: Imap4, kept: boolean): Promise<void> {
	if (kept) await imap.noop();
}

/** Ends all connections that nobody is using. */
export async function closeIdleConnections(): Promise<void> {
	const all = [...idle.values()].flat();
	idle.clear();
	await Promise.all(
		all.map(({ imap, timer }) => {
			clearTimeout(timer);
			// Else a process could end before the answer, and whoever waits for this would never go on.
			imap.ref();
			return imap.logout();
		}),
	);
}

function takeIdle(identity: string): Idle | undefined {
	for (;;) {
		const kept = idle.get(identity);
		const last = kept?.pop();
		if (!last) return undefined;
		if (kept?.length === 0) idle.delete(identity);
		clearTimeout(last.timer);
		if (last.imap.closedBy) continue;
		last.imap.ref();
		return last;
	}
}

function giveBack(identity: string, imap: Imap4, keep: boolean): void {
	if (imap.closedBy) return;
	const others = idle.get(identity) ?? [];
	if (!keep || others.length >= MOST_IDLE) {
		void end(imap);
		return;
	}
	// A mailbox that stays selected can't be deleted on some servers, and sends news that nobody reads.
	const left = imap.mailbox
		? leave(imap, imap.mailbox).catch(() => imap.destroy())
		: Promise.resolve();
	const timer = setTimeout(() => retire(identity, imap), IDLE_TIME);
	timer.unref();
	imap.unref();
	// Set anew, so that the map begins with what has been idle longest.
	idle.delete(identity);
	idle.set(identity, [...others, { imap, timer, left }]);
	if (idleInAll() > MOST_IDLE_IN_ALL) retireOldest();
}

/** CLOSE would remove what is marked as deleted, unless the mailbox is open for reading only. */
async function leave(imap: Imap4, { name, readOnly }: SelectedMailbox): Promise<void> {
	if (imap.capabilities.has('UNSELECT')) return imap.unselect();
	if (!readOnly) await imap.examine(name);
	await imap.close();
}

function idleInAll(): number {
	let count = 0;
	for (const { length } of idle.values()) count += length;
	return count;
}

function retireOldest(): void {
	for (const [identity, [oldest]] of idle) {
		if (!oldest) continue;
		clearTimeout(oldest.timer);
		retire(identity, oldest.imap);
		return;
	}
}

function retire(identity: string, imap: Imap4): void {
	const rest = idle.get(identity)?.filter((one) => one.imap !== imap) ?? [];
	if (rest.length > 0) idle.set(identity, rest);
	else idle.delete(identity);
	void end(imap);
}

/** Politely, and at once if the server is not. */
async function end(imap: Imap4): Promise<void> {
	try {
		await imap.logout();
	} catch {
		imap.destroy();
	}
}
