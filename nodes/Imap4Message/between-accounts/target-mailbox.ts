/** The mailbox of the target account, found, created if wanted, and selected. */
import { Imap4Error, type Imap4, type OpenMailbox } from '../../../engine/index';
import type { Account } from '../../shared/account/account';
import { ofAccount, storing } from '../../shared/errors/destination';
import { orRefusal } from '../../shared/errors/refusal';
import { UserError } from '../../shared/errors/user-error';
import type { MessageBatch } from '../../shared/execution/on-messages';
import { canonicalName, hierarchyOf, pathOf, readHierarchy } from '../../shared/mailbox/hierarchy';
import type { MailboxChoice } from '../../shared/mailbox/mailbox-choice';
import { MailboxResolver } from '../../shared/mailbox/mailbox-resolver';
import { openMailbox } from '../../shared/mailbox/open-mailbox';

export interface TargetMailbox {
	name: string;
	/** The `url` of the account that it is in. */
	account: string;
	created: boolean;
	/** Undefined where it is missing. */
	mailbox: OpenMailbox | undefined;
}

export interface TargetWishes {
	/** Undefined for the same path as in the source. */
	to: MailboxChoice | undefined;
	createIfMissing: boolean;
}

export async function findTarget(
	{ imap, mailbox, settings }: Pick<MessageBatch<TargetWishes>, 'imap' | 'mailbox' | 'settings'>,
	to: Imap4,
	{ identity, url: account }: Pick<Account, 'identity' | 'url'>,
	{ mayCreate }: { mayCreate: boolean },
): Promise<TargetMailbox> {
	const resolver = new MailboxResolver(to, identity);
	const choice = settings.to ?? (await samePath(imap, mailbox.name, to, identity));
	const { name, missing = false } = await resolver
		.resolve(choice, settings.createIfMissing)
		.catch((error: unknown) => {
			throw ofAccount(account, error);
		});
	const open = (): Promise<OpenMailbox> => storing(name, openMailbox(to, name, {}), account);
	const selected = missing ? undefined : await orRefusal(open());
	if (selected && !(selected instanceof Imap4Error)) {
		return { name, account, created: false, mailbox: selected };
	}
	if (!settings.createIfMissing || !mayCreate) {
		if (mayCreate && selected instanceof Imap4Error) throw selected;
		return { name, account, created: false, mailbox: undefined };
	}
	const created = await storing(name, resolver.create(choice, name), account);
	return { name, account, created, mailbox: await open() };
}

/** As {@link findTarget}. @throws Imap4Error, UserError if it is missing and not to be created */
export async function openTarget(
	batch: Pick<MessageBatch<TargetWishes>, 'imap' | 'mailbox' | 'settings'>,
	to: Imap4,
	account: Pick<Account, 'identity' | 'url'>,
): Promise<TargetMailbox & { mailbox: OpenMailbox }> {
	const { mailbox, ...found } = await findTarget(batch, to, account, { mayCreate: true });
	if (mailbox) return { ...found, mailbox };
	throw new UserError(
		`The target account has no mailbox "${found.name}"`,
		'Create it first, or turn on "Create Mailbox If Missing".',
	);
}

/** The name of the source, as the other server writes it. */
async function samePath(
	source: Imap4,
	name: string,
	to: Imap4,
	identity: string,
): Promise<MailboxChoice> {
	if (canonicalName(name) === 'INBOX') return { by: 'name', name: 'INBOX' };
	const [here, there] = await Promise.all([readHierarchy(source), hierarchyOf(identity, to)]);
	const { delimiter } = there;
	const path = pathOf(name, here)
		.split('/')
		// A level may hold what is between the levels there.
		.map((level) =>
			delimiter === null || delimiter === '/' ? level : level.replaceAll(delimiter, '_'),
		)
		.join('/');
	return { by: 'path', path };
}
