import type { MemoryServerOptions } from '../server';
import { mail } from './run-node';
import { startServer, USER } from './start-server';

/** A server whose INBOX holds these messages, with an item that refers to each, as a node before returns it. */
export async function filledInbox(
	messages: ReadonlyArray<string | Buffer>,
	options: MemoryServerOptions = {},
) {
	const server = await startServer(options);
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	for (const message of messages) inbox.append(message);
	const { uidValidity } = inbox;
	const items = inbox.messages.map(({ uid }) => ({ mailbox: 'INBOX', uidValidity, uid }));
	return { server, account, inbox, items };
}

/** Messages with the subjects 1, 2, 3 … */
export const numberedMail = (count: number): string[] =>
	Array.from({ length: count }, (_, index) => mail(`${index + 1}`));
