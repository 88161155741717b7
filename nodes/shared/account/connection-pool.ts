/**
 * Connections that outlive an execution for a short while, so that the next one needs no new login.
 * They are kept by identity and never shared across identities, and never keep the process alive.
 */
import { Imap4AbortError, type Imap4, type Imap4Error } from '../../../engine/index';
import type { Account } from './account';
import { isCurrent } from './credential-versions';
import { expectedCapabilities, forgetLogin, noteLostCommand, rememberLogin } from './known-logins';
import { logIn } from './open-connection';
import { takePlace } from './places';

/** Milliseconds that an idle connection stays open. */
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
	/** Until its last mailbox is left; never rejected. */
	left: Promise<void>;
	timer: NodeJS.Timeout;
}

export interface Lending {
	/** Whether the connection stays open for the next use; else it is ended without waiting for that. Asked when `work` is done. */
	keep?: boolean | (() => boolean);
	/** Closes the connection, which ends all that waits for it. Waiting for a connection ends at once. */
	signal?: AbortSignal;
}

/** Beginning with what has been idle longest. */
const idle = new Set<Idle>();

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
	const since = kept?.since ?? Date.now();
	// Where an earlier login is known, `open` goes out in the same round trip.
	const expected = kept ? undefined : expectedCapabilities(account);
	const imap = kept?.imap ?? (await logIn(account, {}, signal, expected));
	if (!kept && !expected) rememberLogin(account, imap.capabilities);
	const close = (): void => imap.destroy();
	signal?.addEventListener('abort', close);
	if (signal?.aborted) close();
	// What is still to be done to leave the last mailbox would hit the next one.
	await kept?.left;
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
		// A connection that broke may have done so because of what came with the login.
		if (!(error instanceof Imap4AbortError)) {
			forgetLogin(account);
			const { code } = error as Imap4Error;
			if (code !== 'AUTHENTICATION_FAILED' || !account.renew) throw error;
			await account.renew();
			return true;
		}
	}
	noteLostCommand(account);
	return true;
}

/** For commands that need no mailbox selected: finds out whether a kept connection still lives. */
export async function probe(imap: Imap4, kept: boolean): Promise<void> {
	if (kept) await imap.noop();
}

/** Closes all idle connections. */
export async function closeIdleConnections(): Promise<void> {
	await Promise.all(
		[...idle].map((kept) => {
			take(kept);
			// Else a process could end before the answer, and anyone who waits for this would never go on.
			kept.imap.ref();
			return kept.imap.logout();
		}),
	);
}

/** Ends the idle connections that logged in with something that their credential no longer says. */
export function closeOutdatedConnections(): void {
	for (const kept of idle) if (!isCurrent(kept.account.credential)) retire(kept);
}

/** @returns of those that are alive and not too old, the one that was used last */
function takeIdle({ identity }: Account): Idle | undefined {
	for (const kept of [...idle].reverse()) {
		if (kept.account.identity !== identity) continue;
		take(kept);
		if (!kept.imap.closedBy && Date.now() - kept.since < MAX_AGE) {
			kept.imap.ref();
			return kept;
		}
		void kept.imap.logout();
	}
	return undefined;
}

function giveBack(account: Account, imap: Imap4, since: number, keep: boolean): void {
	const others = [...idle].filter((kept) => kept.account.identity === account.identity);
	const mayStay =
		keep &&
		!imap.closedBy &&
		!imap.busy &&
		!imap.sentRawCommand &&
		others.length < MOST_IDLE &&
		isCurrent(account.credential);
	if (!mayStay) {
		void imap.logout();
		return;
	}
	const timer = setTimeout(() => retire(kept), IDLE_TIME).unref();
	const kept: Idle = { imap, account, since, timer, left: leaveMailbox(imap) };
	imap.unref();
	idle.add(kept);
	for (const oldest of idle) {
		if (idle.size <= MOST_IDLE_IN_ALL) return;
		retire(oldest);
	}
}

/** A mailbox that stays selected can't be deleted on some servers, and sends responses that no one reads. */
async function leaveMailbox(imap: Imap4): Promise<void> {
	try {
		await imap.mailbox?.close();
	} catch {
		imap.destroy();
	}
}

function take(kept: Idle): void {
	idle.delete(kept);
	clearTimeout(kept.timer);
}

function retire(kept: Idle): void {
	take(kept);
	void kept.imap.logout();
}
