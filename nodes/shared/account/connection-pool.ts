/**
 * Connections that outlive an execution for a short while, so that the next one needs no new login.
 * They are kept by identity and never shared across identities, and never keep the process alive.
 */
import { Imap4AbortError, Imap4Error, type Imap4 } from '../../../engine/index';
import { orAborted } from '../execution/stop';
import type { Account } from './account';
import { isCurrent } from './credential-versions';
import { expectedCapabilities, forgetLogin, noteLostCommand, rememberLogin } from './known-logins';
import { logIn } from './open-connection';
import { takePlace } from './places';

/** Milliseconds that a connection nobody uses stays open. */
const IDLE_TIME = 15_000;
/** Milliseconds after which a connection is replaced, however often it is used. */
const MAX_AGE = 10 * 60_000;
/** Idle connections of one identity; servers allow few at a time, often ten for all clients together. */
const MOST_IDLE = 3;
/** Idle connections of all identities; an administrator who acts as a thousand users has as many. */
const MOST_IDLE_IN_ALL = 100;

interface Idle {
	imap: Imap4;
	account: Account;
	/** When the connection was opened. */
	since: number;
	/** Until its last mailbox is left. */
	left: Promise<void>;
	timer: NodeJS.Timeout;
}

export interface Lending {
	/** Whether the connection stays open for the next use; else it is ended without waiting for that. Asked when `work` is done. */
	keep?: boolean | (() => boolean);
	/** Closes the connection, which ends all that waits for it. Waiting for a connection ends at once. */
	signal?: AbortSignal;
}

const idle = new Map<string, Idle[]>();

/**
 * Lends a connection of the account to `work`, and to nobody else meanwhile. With as many connections
 * of the account in use as servers allow, it waits for one of them.
 *
 * A connection from an earlier use may have been closed by the server since: if it breaks in `open`,
 * `open` runs again on another one. So `open` must change nothing.
 *
 * Only a connection whose state is known is kept: not one whose `work` failed, with commands that may
 * still be under way, and not one that sent a command of the user's own.
 * @param open what to begin with; usually the SELECT or EXAMINE of a mailbox. `kept` says whether the
 * connection is from an earlier use
 * @throws the signal's reason if it is aborted before the login is done; Imap4Error as logIn, and what `open` and `work` throw
 */
export async function withConnection<Opened, Result>(
	account: Account,
	open: (imap: Imap4, kept: boolean) => Promise<Opened>,
	work: (imap: Imap4, opened: Opened) => Promise<Result>,
	{ keep = true, signal }: Lending = {},
): Promise<Result> {
	const leavePlace = await takePlace(account.url, signal);
	try {
		for (;;) {
			const outcome = await lend(account, open, work, { keep, signal });
			if (outcome !== undefined) return outcome.result;
		}
	} finally {
		leavePlace();
	}
}

/** @returns undefined if a kept connection turned out to be dead before anything was done */
async function lend<Opened, Result>(
	account: Account,
	open: (imap: Imap4, kept: boolean) => Promise<Opened>,
	work: (imap: Imap4, opened: Opened) => Promise<Result>,
	{ keep, signal }: Lending,
): Promise<{ result: Result } | undefined> {
	signal?.throwIfAborted();
	const kept = takeIdle(account);
	// What is still to be done to leave the last mailbox would hit the next one.
	if (kept) await orAborted(kept.left, signal).catch((error: unknown) => abandon(kept.imap, error));
	const since = kept?.since ?? Date.now();
	// Where an earlier login is known, `open` goes out in the same round trip.
	const expected = kept ? undefined : expectedCapabilities(account);
	const imap = kept?.imap ?? (await logIn(account, {}, signal, expected));
	if (!kept && !expected) rememberLogin(account, imap.capabilities);
	const close = (): void => imap.destroy();
	signal?.addEventListener('abort', close, { once: true });
	if (signal?.aborted) close();
	let clean = false;
	try {
		let opened: Opened;
		try {
			opened = await open(imap, kept !== undefined);
			await imap.loggedIn;
		} catch (error) {
			if (expected && !signal?.aborted && (await tryPlainLogin(account, imap))) return undefined;
			if (kept !== undefined && imap.closedBy !== undefined) return undefined;
			// Whatever was refused, nothing else is under way, and nothing was changed.
			clean = true;
			throw error;
		}
		const result = await work(imap, opened);
		clean = true;
		return { result };
	} finally {
		signal?.removeEventListener('abort', close);
		giveBack(account, imap, since, clean && (typeof keep === 'function' ? keep() : keep === true));
	}
}

/**
 * What was sent together with a login has failed.
 * @returns whether to log in again and wait for the answer before anything else is sent
 * @throws Imap4Error if the login was refused: a second try would only count as another one
 */
async function tryPlainLogin(account: Account, imap: Imap4): Promise<boolean> {
	try {
		await imap.loggedIn;
		if (imap.closedBy === undefined) return false;
	} catch (error) {
		if (error instanceof Imap4Error && !(error instanceof Imap4AbortError)) {
			forgetLogin(account);
			if (error.code !== 'AUTHENTICATION_FAILED' || !account.renew) throw error;
			await account.renew();
			return true;
		}
	}
	noteLostCommand(account);
	return true;
}

function abandon(imap: Imap4, error: unknown): never {
	imap.destroy();
	throw error;
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
			// Else a process could end before the answer, and anyone who waits for this would never go on.
			imap.ref();
			return imap.logout();
		}),
	);
}

/** Ends the idle connections that logged in with something that their credential no longer says. */
export function closeOutdatedConnections(): void {
	for (const kept of [...idle.values()].flat()) {
		if (!isCurrent(kept.account.credential)) retireNow(kept);
	}
}

function takeIdle({ identity }: Account): Idle | undefined {
	for (;;) {
		const kept = idle.get(identity);
		const last = kept?.pop();
		if (!last) return undefined;
		if (kept?.length === 0) idle.delete(identity);
		clearTimeout(last.timer);
		if (last.imap.closedBy) continue;
		last.imap.ref();
		if (Date.now() - last.since < MAX_AGE) return last;
		void end(last.imap);
	}
}

function giveBack(account: Account, imap: Imap4, since: number, keep: boolean): void {
	if (imap.closedBy) return;
	const { identity } = account;
	const others = idle.get(identity) ?? [];
	const mayStay =
		keep &&
		!imap.busy &&
		!imap.sentRawCommand &&
		others.length < MOST_IDLE &&
		Date.now() - since < MAX_AGE &&
		isCurrent(account.credential);
	if (!mayStay) {
		void end(imap);
		return;
	}
	// A mailbox that stays selected can't be deleted on some servers, and sends responses that nobody reads.
	const left = imap.mailbox?.close().catch(() => imap.destroy()) ?? Promise.resolve();
	const timer = setTimeout(() => retire(identity, imap), IDLE_TIME);
	timer.unref();
	imap.unref();
	// Set again, so that the map begins with what has been idle longest.
	idle.delete(identity);
	idle.set(identity, [...others, { imap, account, since, timer, left }]);
	if (idleInAll() > MOST_IDLE_IN_ALL) retireOldest();
}

function idleInAll(): number {
	let count = 0;
	for (const { length } of idle.values()) count += length;
	return count;
}

function retireOldest(): void {
	for (const [oldest] of idle.values()) {
		if (oldest) return retireNow(oldest);
	}
}

function retireNow({ account, imap, timer }: Idle): void {
	clearTimeout(timer);
	retire(account.identity, imap);
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
