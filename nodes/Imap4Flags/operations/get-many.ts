import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { FetchLedger, type FetchSome, type Uid } from '../../../engine/index';
import { concernsMessage } from '../../shared/errors/advice';
import { eachResult } from '../../shared/execution/message-results';
import { reasonFor } from '../../shared/message/message-reading';
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
		const { execution, mailbox, uids, requested } = batch;
		const more = requested === undefined ? {} : { requestedMailbox: requested };
		const { name, uidValidity, highestModSeq } = mailbox;
		const modSeq = mailbox.capabilities.has('CONDSTORE') && highestModSeq !== undefined;
		const items = { uid: true, flags: true, modSeq };
		const { ledger, found } = batch.remember(() => ({
			ledger: new FetchLedger(uids),
			found: new Map<Uid, IDataObject>(),
		}));
		const fetch: FetchSome = async (some, came) => {
			const messages = mailbox.fetch(some, items);
			for await (const { uid, flags, modSeq: changed } of messages) {
				if (uid === undefined || flags === undefined) continue;
				// Beyond what JSON holds exactly.
				found.set(uid, { ...described(flags), modSeq: changed?.toString() ?? null });
				came(uid);
			}
		};
		await eachResult<[Uid, IDataObject]>(
			batch,
			async (done) => {
				await ledger.settle(mailbox, fetch, { concernsMessage });
				for (const [uid, fields] of found) done(uid, [uid, fields]);
				for (const [uid, error] of ledger.unreadable) {
					done(uid, [uid, { unreadable: reasonFor(error) }]);
				}
			},
			(item, results) => {
				for (const [uid, fields] of results) {
					const json = { mailbox: name, uidValidity, uid, ...fields, ...more };
					const { unreadable } = fields;
					if (typeof unreadable !== 'string') execution.emit(item, json);
					else execution.emitUnreadable(item, json, unreadable);
				}
			},
		);
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
	action: 'Get flags of messages',
	properties,
	async execute(execution) {
		const mailboxes = execution.parameter<string>('flagsOf', 0, 'messages') === 'mailbox';
		await (mailboxes ? ofMailboxes : ofMessages)(execution);
	},
};
