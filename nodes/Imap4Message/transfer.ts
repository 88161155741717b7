/** What Copy and Move have in common: one command for all messages of a batch, and the reference out. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Copied, Imap4, UidSet } from '../../engine/index';
import { runBatches } from '../shared/execution/message-batches';
import type { Execution } from '../shared/execution/execution';
import { choiceText } from '../shared/mailbox/mailbox-choice';
import { createIfMissingProperty } from '../shared/mailbox/create-if-missing';
import { mailboxLocator, readMailboxChoice } from '../shared/mailbox/mailbox-locator';
import type { MessageReference } from '../shared/message/message-reference';
import { acceptGoneProperty } from '../shared/execution/gone-messages';
import { keepInputProperty } from '../shared/execution/keep-input';
import { selectionProperties } from '../shared/message/message-selection';
import { checkCount, dryRunReport, readSafeguards } from '../shared/execution/safeguards';

/** @param more fields that only one of the operations has */
export const transferProperties = (verb: string, ...more: INodeProperties[]): INodeProperties[] => [
	...selectionProperties,
	mailboxLocator({
		name: 'destination',
		displayName: 'Destination Mailbox',
		description: `The mailbox to ${verb} the messages to`,
		standard: '',
	}),
	createIfMissingProperty,
	keepInputProperty,
	acceptGoneProperty,
	...more,
];

/**
 * The message's new reference; its UID is null where the server doesn't tell it (no UIDPLUS). Where the
 * server tells those of others, the message was gone before the command reached it.
 */
export function newReference(to: string, uid: number, copied: Copied | undefined): IDataObject {
	const uids: ReadonlyMap<number, number> | undefined = copied?.uids;
	return {
		mailbox: to,
		uidValidity: copied?.uidValidity ?? null,
		uid: uids?.get(uid) ?? null,
		...(uids && !uids.has(uid) ? { notFound: true } : {}),
	};
}

export async function transfer(
	execution: Execution,
	run: (
		imap: Imap4,
		set: UidSet,
		to: string,
	) => Promise<{ via: string; copied: Copied | undefined }>,
): Promise<void> {
	await runBatches(execution, {
		readOnly: false,
		movesMessages: true,
		settings: (item) => ({
			to: readMailboxChoice(execution.context, item, 'destination', 'Destination Mailbox'),
			createIfMissing: execution.toggle('createIfMissing', 'Create Mailbox If Missing', item),
			...readSafeguards(execution, item),
		}),
		async run({ imap, mailbox, resolver, settings, set, uids, items, emit }) {
			const { to, createIfMissing, dryRun } = settings;
			checkCount(uids.length, settings);
			if (dryRun) {
				execution.emit(items, {
					...(await dryRunReport(mailbox, uids)),
					destination: (await resolver.resolve(to, createIfMissing)).name,
				});
				return;
			}
			const {
				result,
				created,
				mailbox: target,
			} = await resolver.storingIn(to, createIfMissing, (name) => run(imap, set, name));
			for (const uid of uids) {
				const from: Omit<MessageReference, 'account'> = {
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
				};
				const done: IDataObject = {
					...newReference(target.name, uid, result.copied),
					via: result.via,
					...(created ? { createdMailbox: true } : {}),
					...(target.requested === undefined ? {} : { requestedDestination: choiceText(to) }),
				};
				// "from" of what came in is the sender of the message.
				emit(uid, { ...done, from: { ...from } }, { ...done, previous: { ...from } });
			}
		},
	});
}
