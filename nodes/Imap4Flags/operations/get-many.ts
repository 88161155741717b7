import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { fetchEach } from '../../shared/execution/fetch-each';
import { onMessages } from '../../shared/execution/on-messages';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { shownWhen } from '../../shared/fields/shown-when';
import { mailboxLocator } from '../../shared/mailbox/mailbox-locator';
import { selectionProperties } from '../../shared/message/message-selection';
import type { Operation } from '../../shared/execution/operation';
import { takesNewKeywords } from '../../shared/mailbox/permitted-flags';

const properties: INodeProperties[] = [
	{
		displayName: 'Flags Of',
		name: 'flagsOf',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Mailbox',
				value: 'mailbox',
				description: 'The flags used in a mailbox, and those that it can store',
			},
			{ name: 'Messages', value: 'messages', description: 'The flags of messages' },
		],
		default: 'messages',
	},
	...selectionProperties.map((property) => shownWhen({ flagsOf: ['messages'] }, property)),
	shownWhen({ flagsOf: ['mailbox'] }, mailboxLocator()),
];

/** The flags as people ask for them, and as they are. */
function described(flags: readonly string[]): IDataObject {
	const set = new Set(flags.map((flag) => flag.toLowerCase()));
	return {
		flags,
		read: set.has('\\seen'),
		flagged: set.has('\\flagged'),
		answered: set.has('\\answered'),
		draft: set.has('\\draft'),
		deleted: set.has('\\deleted'),
		keywords: flags.filter((flag) => !flag.startsWith('\\')),
	};
}

const ofMessages = onMessages({
	readOnly: true,
	async run(batch) {
		const { execution, mailbox, requested } = batch;
		const about = requested === undefined ? {} : { requestedMailbox: requested };
		const { name, uidValidity, highestModSeq } = mailbox;
		const modSeq = mailbox.capabilities.has('CONDSTORE') && highestModSeq !== undefined;
		await fetchEach<IDataObject>(batch, {
			about,
			async fetch(uids, found) {
				const messages = mailbox.fetch(uids, { uid: true, flags: true, modSeq });
				for await (const { uid, flags, modSeq: changed } of messages) {
					if (uid === undefined || flags === undefined) continue;
					// Beyond what JSON holds exactly.
					found(uid, { ...described(flags), modSeq: changed?.toString() ?? null });
				}
			},
			emit(item, uid, fields) {
				execution.emit(item, { mailbox: name, uidValidity, uid, ...fields, ...about });
			},
		});
	},
});

const ofMailboxes = onMailbox({
	// Each opens its mailbox.
	atOnce: 1,
	async run({ imap, mailbox: name }) {
		// EXAMINE would say that no flag can be changed (RFC 9051 §6.3.3).
		const mailbox = await imap.open(name);
		const { flags, permanentFlags, readOnly, highestModSeq } = mailbox;
		return {
			mailbox: name,
			uidValidity: mailbox.uidValidity ?? null,
			flags,
			permanentFlags: permanentFlags.filter((flag) => flag !== '\\*'),
			takesNewKeywords: takesNewKeywords(mailbox),
			readOnly,
			highestModSeq: highestModSeq?.toString() ?? null,
		};
	},
});

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description: 'Get the flags of messages, or those that a mailbox supports (FETCH, SELECT)',
	forModel:
		'Use it to see whether messages are read, starred or answered, and which keywords they have. Returns one entry per message with its flags.',
	action: 'Get flags of messages',
	properties,
	async execute(execution) {
		const mailboxes = execution.parameter<string>('flagsOf', 0, 'messages') === 'mailbox';
		await (mailboxes ? ofMailboxes : ofMessages)(execution);
	},
};
