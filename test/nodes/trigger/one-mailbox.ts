/** The poll of one mailbox as an event gets it: over a real connection, and without any of n8n. */
import type { IPollFunctions } from 'n8n-workflow';
import { onTestFinished, vi } from 'vitest';
import { Imap4 } from '../../../engine/index';
import type { MailboxPoll } from '../../../nodes/Imap4MessageTrigger/mailbox-poll';
import { PollClock } from '../../../nodes/Imap4MessageTrigger/poll-clock';
import type { Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import { accountOf, type Account } from '../../../nodes/shared/account/account';
import type { MemoryServer } from '../../server';
import { PASSWORD, USER } from '../start-server';

/** As the editor offers them at first. */
export const settingsOf = (more: Partial<Settings> = {}): Settings => ({
	event: 'messageReceived',
	watched: { choices: [{ by: 'path', path: 'INBOX' }] },
	filters: { query: {}, received: {}, sent: {} },
	output: {
		simplify: true,
		fields: [],
		text: undefined,
		html: false,
		attachments: false,
		attachmentPrefix: 'attachment_',
		addressesAsData: false,
		details: [],
	},
	acknowledgement: undefined,
	after: { do: 'nothing' },
	flags: [],
	quotaAbove: 90,
	includeExisting: false,
	onRenumbered: 'baseline',
	most: 500,
	watchNewest: 1000,
	waits: false,
	...more,
});

export const accountAt = ({ host, port }: MemoryServer): Account =>
	accountOf('imap4PlainApi', { host, port, user: USER, password: PASSWORD });

/** What the poll logs. */
export const logger = { info: vi.fn(), warn: vi.fn() };

/** A connection that is closed after the test. */
export async function connected(server: MemoryServer): Promise<Imap4> {
	const imap = await Imap4.connect(accountAt(server).options);
	onTestFinished(() => imap.destroy());
	return imap;
}

/** Opens the mailbox; each call is another poll. */
export async function mailboxPoll(
	server: MemoryServer,
	{
		name = 'INBOX',
		...more
	}: Partial<Omit<MailboxPoll, 'open' | 'mailbox'>> & { name?: string } = {},
): Promise<MailboxPoll> {
	const imap = more.imap ?? (await connected(server));
	const open = await imap.open(name, { readOnly: true });
	return {
		context: { logger, helpers: { prepareBinaryData: vi.fn() } } as unknown as IPollFunctions,
		settings: settingsOf(),
		account: accountAt(server),
		clock: new PollClock(60_000),
		cursor: undefined,
		isNew: false,
		room: 500,
		...more,
		imap,
		open,
		mailbox: { ...open.initial },
	};
}
