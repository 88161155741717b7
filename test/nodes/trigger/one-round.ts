/** One pass over three mailboxes, as a poll makes it, and without n8n. */
import type { IPollFunctions } from 'n8n-workflow';
import { vi } from 'vitest';
import type { TriggerState } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	pollMailboxes,
	type Round,
	type RoundResult,
} from '../../../nodes/Imap4MessageTrigger/mailbox-round';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import { emptyMailboxes } from '../../../nodes/Imap4MessageTrigger/uidvalidity-change';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { startServer, USER } from '../start-server';
import { accountAt, logger, settingsOf } from './one-mailbox';

export const NAMES = ['a', 'b', 'c'];
export const choicesOf = (names: readonly string[]) => ({
	choices: names.map((path) => ({ by: 'path' as const, path })),
});

export function roundAt(server: MemoryServer, more: Partial<Round> = {}): Round {
	const state = more.state ?? { purpose: '', mailboxes: {} };
	return {
		context: {
			logger,
			helpers: { prepareBinaryData: vi.fn() },
		} as unknown as IPollFunctions,
		settings: settingsOf({ watched: choicesOf(NAMES) }),
		account: accountAt(server),
		clock: new PollClock(60_000),
		state,
		emptyBefore: emptyMailboxes(state),
		createdAreNew: false,
		keep: false,
		...more,
	};
}

/** A server with the mailboxes a, b and c, which have been looked at once. */
export async function start(options: MemoryServerOptions = {}) {
	const server = await startServer(options);
	const account = server.account(USER);
	for (const name of NAMES) account.create(name).append('Subject: old\r\n\r\n');
	const state: TriggerState = { purpose: '', mailboxes: {} };
	await pollMailboxes(roundAt(server, { state }));
	const append = (...names: string[]): void => {
		for (const name of names) account.mailbox(name).append(`Subject: in ${name}\r\n\r\n`);
	};
	return { server, account, state, append };
}

export const subjects = ({ items }: RoundResult): unknown[] =>
	items.map(({ json }) => json.subject);
export const examined = (server: MemoryServer, from = 0): string[] =>
	server.commands
		.slice(from)
		.filter(({ name }) => name === 'EXAMINE' || name === 'SELECT')
		.map(({ line }) => line.split(' ')[1] ?? '');
