/** What Copy and Move have in common: one command for all messages of a batch, and the reference out. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Copied, OpenMailbox, Uid, UidSet } from '../../engine/index';
import { Turns } from '../../mail/next-turn';
import { onMessages } from '../shared/execution/on-messages';
import type { Work } from '../shared/execution/operation';
import { choiceText, type MailboxChoice } from '../shared/mailbox/mailbox-choice';
import { createIfMissingProperty } from '../shared/mailbox/create-if-missing';
import { choiceIn, mailboxLocator } from '../shared/mailbox/mailbox-locator';
import type { MessageReference } from '../shared/message/message-reference';
import { acceptGoneProperty } from '../shared/execution/gone-messages';
import { failKept, notRemoved } from '../shared/execution/kept-messages';
import { keepInputProperty } from '../shared/execution/keep-input';
import { selectionProperties } from '../shared/message/message-selection';

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

interface Transfer {
	to: MailboxChoice;
	createIfMissing: boolean;
}

/**
 * @param verb a message that is moved to where it is stays as it is: it would get a new UID, and a trigger
 * would deliver it again
 * @param run carries it out by one command
 */
export const transfer = (
	verb: 'copy' | 'move',
	run: (
		mailbox: OpenMailbox,
		set: UidSet,
		to: string,
	) => Promise<{ via: string; copied: Copied | undefined; kept?: ReadonlySet<Uid> }>,
): Work =>
	onMessages<Transfer>({
		readOnly: false,
		keepsMailbox: verb === 'copy',
		movesMessages: true,
		read(execution, item) {
			const given = execution.parameter('destination', item, '');
			return {
				to: choiceIn(execution.context, 'destination', given, 'Destination Mailbox'),
				createIfMissing: execution.toggle('createIfMissing', 'Create Mailbox If Missing', item),
			};
		},
		async dryRun({ mailbox, resolver, settings: { to, createIfMissing } }) {
			const { name } = await resolver.resolve(to, createIfMissing);
			const there = verb === 'move' && name === mailbox.name;
			return { destination: name, ...(there ? { alreadyThere: true } : {}) };
		},
		async run(batch) {
			const { mailbox, resolver, settings, set, uids, emit } = batch;
			const { to, createIfMissing } = settings;
			const {
				result,
				created,
				mailbox: target,
			} = await resolver.storingIn(to, createIfMissing, async (name) =>
				verb === 'move' && name === mailbox.name ? undefined : run(mailbox, set, name),
			);
			const turns = new Turns();
			for (const uid of uids) {
				await turns.next();
				if (result?.kept?.has(uid)) continue;
				const previous: Omit<MessageReference, 'account'> = {
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
				};
				const done: IDataObject = {
					...(result
						? { ...newReference(target.name, uid, result.copied), via: result.via }
						: { mailbox: mailbox.name, uidValidity: mailbox.uidValidity, uid, alreadyThere: true }),
					...(created ? { createdMailbox: true } : {}),
					...(target.requested === undefined ? {} : { requestedDestination: choiceText(to) }),
				};
				// Not "from", which is the sender of a message.
				emit(uid, { ...done, previous });
			}
			if (result?.kept) failKept(batch, result.kept, (count) => notRemoved(count, true));
		},
	});
