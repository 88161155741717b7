/** Reply, Reply to All and Forward: a draft for each item, of the message that it refers to. */
import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';
import type { Uid } from '../../../engine/index';
import { onMessages, type MessageBatch } from '../../shared/execution/on-messages';
import type { Work } from '../../shared/execution/operation';
import { UserError } from '../../shared/errors/user-error';
import { messageGone } from '../../shared/execution/message-results';
import type { Execution } from '../../shared/execution/execution';
import { choiceText } from '../../shared/mailbox/mailbox-choice';
import { itemFiles } from '../../shared/message/composed-message';
import { userOf } from '../../shared/message/message-reference';
import { composedDraft, draftHeader, draftOf, type Draft, type DraftHeader } from './draft';
import { readDraftWishes, type DraftKind, type DraftWishes } from './draft-fields';
import { fetchHeads, fetchOriginal, type OriginalHead, type WantedFiles } from './draft-original';

/** Messages whose headers are fetched at a time. */
const AT_ONCE = 50;

export const onDrafts = (kind: DraftKind): Work =>
	onMessages<undefined, DraftWishes>({
		readOnly: true,
		stores: true,
		readOwn: (execution, item) => readDraftWishes(execution, item, kind),
		async run(batch) {
			const { execution, mailbox, uids, itemsOf } = batch;
			for (let first = 0; first < uids.length; first += AT_ONCE) {
				execution.checkCancelled();
				const some = uids.slice(first, first + AT_ONCE);
				const heads = await fetchHeads(mailbox, some);
				for (const [index, uid] of some.entries()) {
					execution.progress(first + index, uids.length, 'messages');
					for (const item of itemsOf(uid)) {
						execution.checkCancelled();
						await execution.guarded([item], mailbox.name, () => {
							const head = heads.get(uid);
							if (!head) throw messageGone(uid);
							if (head instanceof UserError) throw head;
							return draftFor(batch, item, uid, head);
						});
					}
				}
			}
		},
	});

async function draftFor(
	{ execution, imap, mailbox, resolver, account, own }: MessageBatch<unknown, DraftWishes>,
	item: number,
	uid: Uid,
	head: OriginalHead,
): Promise<void> {
	const wishes = own(item);
	const original = {
		mailbox: mailbox.name,
		uidValidity: mailbox.uidValidity,
		uid,
		account,
		messageId: head.answered.messageId ?? null,
	};
	const { store } = wishes;
	const address = userOf(account);
	if (store?.dryRun) {
		const { name, missing } = await resolver.resolve(store.choice, store.createIfMissing);
		const { messageId: _none, ...header } = draftHeader(wishes, head.answered, address);
		const where = { dryRun: true, mailbox: name, missing: missing === true };
		execution.emit(item, { ...where, ...shownHeader(header), original });
		return;
	}
	const content = await fetchOriginal(execution, mailbox, head, wantedFiles(wishes));
	if (!content) throw messageGone(uid);
	const draft = await draftOf(wishes, content, {
		account: address,
		files: await itemFiles(execution, item, wishes.attachments),
		timeZone: execution.context.getTimezone(),
	});
	if (!store) {
		await emitFields(execution, item, draft, original);
		return;
	}
	const message = await composedDraft(draft);
	const {
		result,
		created,
		mailbox: target,
	} = await resolver.storingIn(store.choice, store.createIfMissing, (name) =>
		imap.append(name, message, { flags: ['\\Draft', '\\Seen'] }),
	);
	execution.emit(item, {
		...shownHeader(draft.header),
		original,
		mailbox: target.name,
		uidValidity: result?.uidValidity ?? null,
		uid: result?.uid ?? null,
		...(created ? { createdMailbox: true } : {}),
		...(target.requested === undefined ? {} : { requestedMailbox: choiceText(store.choice) }),
	});
}

function wantedFiles({ kind, asAttachment, keepAttachments, quote }: DraftWishes): WantedFiles {
	if (asAttachment) return 'whole';
	if (kind === 'forward') return keepAttachments ? 'all' : 'shown';
	return quote ? 'shown' : 'none';
}

/** What is empty is left out, but for what everyone looks for. */
function shownHeader(header: Omit<DraftHeader, 'messageId'> & { messageId?: string }): IDataObject {
	const { from, to, subject, ...others } = header;
	const given = Object.entries(others).filter(([, value]) => value !== '');
	return { subject, from, to, ...Object.fromEntries(given) };
}

/** For a node that sends mail: the fields and files that it takes, and the whole message as a file. */
async function emitFields(
	execution: Execution,
	item: number,
	draft: Draft,
	original: IDataObject,
): Promise<void> {
	const { helpers } = execution.context;
	const message = await composedDraft(draft);
	const binary: IBinaryKeyData = {
		message: await helpers.prepareBinaryData(message, 'message.eml', 'message/rfc822'),
	};
	const names: string[] = [];
	for (const { content, filename, contentType } of draft.files) {
		const name = `attachment_${names.length}`;
		binary[name] = await helpers.prepareBinaryData(content, filename, contentType);
		names.push(name);
	}
	const json = {
		...shownHeader(draft.header),
		text: draft.text,
		html: draft.html,
		attachments: names.join(','),
		original,
	};
	execution.emit(item, json, binary);
}
