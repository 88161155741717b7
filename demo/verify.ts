import { aYearBefore, junkLimit } from './seed/dates';
import { type DemoMailbox } from './seed/mailboxes';
import { type DemoMessage } from './seed/message';
import {
	comparableFlags,
	digestOf,
	type MailboxSnapshot,
	type MessageSnapshot,
	type Snapshot,
} from './snapshot';

interface Found {
	mailbox: string;
	message: MessageSnapshot;
}

/**
 * Where the workflow "archive by year" has to leave a message of the seeded account; undefined if it
 * has to delete it. Computed from the seed alone, not from what any server or node says.
 */
function expectedMailbox(
	mailbox: string,
	{ internalDate }: Pick<DemoMessage, 'internalDate'>,
	now: Date,
): string | undefined {
	if (mailbox === 'INBOX' && internalDate < aYearBefore(now)) {
		return `Archive/${internalDate.getUTCFullYear()}`;
	}
	if (mailbox === 'Junk' && internalDate < junkLimit(now)) return undefined;
	return mailbox;
}

/**
 * Whether the account is what the workflow "archive by year" should have made of it: every message
 * in its place exactly once, with its octets, flags and date; old junk gone; all else untouched, UIDs
 * included.
 *
 * @param seed what the account was filled with
 * @param now when the workflow ran
 * @param before the account as it was found when it was filled
 * @param after the account as it is now
 * @returns what is wrong, one line each; empty if all is well
 */
export function verify(
	seed: readonly DemoMailbox[],
	now: Date,
	before: Snapshot,
	after: Snapshot,
): string[] {
	const expected = seed.flatMap(({ name, messages }) =>
		messages.map((message) => ({
			from: name,
			to: expectedMailbox(name, message, now),
			message,
		})),
	);
	const foundBefore = byMessageId(before);
	const foundAfter = byMessageId(after);
	const problems = [
		...verifyMailboxes(
			before,
			after,
			new Set([...seed.map(({ name }) => name), ...expected.flatMap(({ to }) => to ?? [])]),
		),
	];

	for (const { from, to, message } of expected) {
		const id = message.messageId;
		const [original, ...twins] = foundBefore.get(id) ?? [];
		if (original?.mailbox !== from || twins.length > 0) {
			problems.push(`${id} was not in ${from} alone to begin with`);
			continue;
		}
		problems.push(...verifyMessage(message, original, to, foundAfter.get(id) ?? []));
	}

	const known = new Set(expected.map(({ message }) => message.messageId));
	for (const [id, places] of foundAfter) {
		if (!known.has(id))
			problems.push(
				`${id || 'A message without Message-ID'} came from nowhere into ${names(places)}`,
			);
	}
	return problems;
}

function verifyMailboxes(
	before: Snapshot,
	after: Snapshot,
	expected: ReadonlySet<string>,
): string[] {
	const problems: string[] = [];
	const found = new Map(after.map((mailbox) => [mailbox.name, mailbox]));
	for (const name of expected) {
		if (!found.has(name)) problems.push(`The mailbox ${name} is missing`);
	}
	for (const name of found.keys()) {
		if (!expected.has(name)) problems.push(`The mailbox ${name} should not be there`);
	}
	for (const { name, uidValidity } of before) {
		const now: MailboxSnapshot | undefined = found.get(name);
		if (now && now.uidValidity !== uidValidity)
			problems.push(`${name} is another mailbox now: its UIDVALIDITY changed`);
	}
	return problems;
}

function verifyMessage(
	message: DemoMessage,
	original: Found,
	to: string | undefined,
	places: readonly Found[],
): string[] {
	const id = message.messageId;
	const [place, ...twins] = places;
	if (to === undefined) {
		return place === undefined
			? []
			: [`${id} is junk that should be gone, but is in ${names(places)}`];
	}
	if (place === undefined) return [`${id} is lost; it should be in ${to}`];
	if (twins.length > 0) return [`${id} is there ${places.length} times: in ${names(places)}`];
	const problems: string[] = [];
	if (place.mailbox !== to) problems.push(`${id} is in ${place.mailbox}; it should be in ${to}`);
	if (place.message.digest !== digestOf(message.octets)) problems.push(`${id} has another content`);
	if (place.message.internalDate.getTime() !== message.internalDate.getTime()) {
		problems.push(`${id} has another internal date`);
	}
	const flags = comparableFlags(message.flags).join(' ');
	if (place.message.flags.join(' ') !== flags) {
		problems.push(`${id} has the flags (${place.message.flags.join(' ')}) instead of (${flags})`);
	}
	if (to === original.mailbox && place.message.uid !== original.message.uid) {
		problems.push(`${id} should not have been touched, but has another UID`);
	}
	return problems;
}

const names = (places: readonly Found[]) => places.map(({ mailbox }) => mailbox).join(' and ');

function byMessageId(mailboxes: Snapshot): Map<string, Found[]> {
	const found = new Map<string, Found[]>();
	for (const { name, messages } of mailboxes) {
		for (const message of messages) {
			const places = found.get(message.messageId) ?? [];
			places.push({ mailbox: name, message });
			found.set(message.messageId, places);
		}
	}
	return found;
}

/** What is true where {@link verify} found nothing wrong. */
export function summary(seed: readonly DemoMailbox[], now: Date): string {
	const counts = { moved: 0, deleted: 0, untouched: 0 };
	for (const { name, messages } of seed) {
		for (const message of messages) {
			const place = expectedMailbox(name, message, now);
			counts[place === undefined ? 'deleted' : place === name ? 'untouched' : 'moved'] += 1;
		}
	}
	return `As it should be: ${counts.moved} messages moved into the archive of their year, ${counts.deleted} old junk messages deleted, ${counts.untouched} untouched; none lost, none twice, every octet and flag kept.`;
}
