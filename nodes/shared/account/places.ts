/**
 * How many connections of one account are in use at a time. Servers allow 10 to 15 for all clients of an
 * account together, and refuse logins beyond that; so the next user waits here instead.
 */
import { orAborted } from './or-aborted';

/** Holds a number from 1 to 100; the default is {@link MOST_AT_ONCE}. */
export const CONNECTIONS_VARIABLE = 'N8N_IMAP4_CONNECTIONS_PER_ACCOUNT';
const MOST_AT_ONCE = 5;

interface Places {
	taken: number;
	/** Those who wait, in order. */
	queue: Array<() => void>;
	/** Those who hold a place only to wait for new mail, and give it up when asked to. */
	givers: Set<() => void>;
}

const accounts = new Map<string, Places>();

/**
 * @param account its `url`: every credential that leads to the same mailboxes counts
 * @returns gives the place to anyone who waits longest; to be called once
 * @throws the signal's reason, at once
 */
export async function takePlace(account: string, signal?: AbortSignal): Promise<() => void> {
	signal?.throwIfAborted();
	const places = accounts.get(account) ?? { taken: 0, queue: [], givers: new Set() };
	accounts.set(account, places);
	if (places.taken < mostAtOnce()) places.taken++;
	else await waitInLine(account, places, signal);
	return () => handOn(account, places);
}

async function waitInLine(
	account: string,
	places: Places,
	signal: AbortSignal | undefined,
): Promise<void> {
	let go: () => void = () => undefined;
	const turn = new Promise<void>((resolve) => (go = resolve));
	places.queue.push(go);
	askGiver(places);
	try {
		await orAborted(turn, signal);
	} catch (error) {
		const at = places.queue.indexOf(go);
		if (at >= 0) places.queue.splice(at, 1);
		// The place came in the same moment as the signal.
		else handOn(account, places);
		throw error;
	}
}

/**
 * For anyone who holds a place only to wait: five triggers that wait for new mail must not stop every other
 * node of the account.
 * @param giveUp called once, when someone else needs the place
 * @returns ends that
 */
export function onPlaceWanted(account: string, giveUp: () => void): () => void {
	const places = accounts.get(account);
	if (!places) return () => undefined;
	places.givers.add(giveUp);
	if (places.queue.length > 0) askGiver(places);
	return () => void places.givers.delete(giveUp);
}

function askGiver({ givers }: Places): void {
	for (const giveUp of givers) {
		givers.delete(giveUp);
		return giveUp();
	}
}

/** The place is handed on directly, so that no newcomer gets it first. */
function handOn(account: string, places: Places): void {
	const next = places.queue.shift();
	if (next) return next();
	places.taken--;
	if (places.taken === 0) accounts.delete(account);
}

function mostAtOnce(environment: NodeJS.ProcessEnv = process.env): number {
	const number = Number(environment[CONNECTIONS_VARIABLE]);
	return Number.isInteger(number) && number >= 1 && number <= 100 ? number : MOST_AT_ONCE;
}
