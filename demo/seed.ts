import { type Account } from '../test/server';
import { demoMailboxes, type DemoMailbox } from './seed/mailboxes';

export { demoMailboxes, type DemoMailbox } from './seed/mailboxes';
export { type DemoMessage } from './seed/message';

/**
 * Fills an account of the in-memory server, which is empty but for its INBOX, with
 * {@link demoMailboxes}.
 *
 * @param now what the ages of the messages are counted from
 * @returns what was put in
 */
export async function seedDemoAccount(account: Account, now: Date): Promise<DemoMailbox[]> {
	const mailboxes = await demoMailboxes(now);
	for (const { name, specialUse, messages } of mailboxes) {
		const mailbox = account.find(name) ?? account.create(name, specialUse);
		account.subscribe(name);
		for (const { octets, internalDate, zone, flags } of messages) {
			mailbox.append(octets, { internalDate, zone, flags });
		}
	}
	return mailboxes;
}
