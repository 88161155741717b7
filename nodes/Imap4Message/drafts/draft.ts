/** An answer or a forwarded message, composed: as fields and as the bytes of a message. */
import { composeMessage } from '../../../mail/compose/compose-message';
import { newMessageId } from '../../../mail/compose/message-id';
import { answerBodies, forwardBodies, type Bodies } from '../../../mail/compose/quote';
import {
	formatCorrespondents,
	forwardSubject,
	replyRecipients,
	replySubject,
	threadFields,
	type Correspondent,
} from '../../../mail/compose/reply';
import type { Answered } from '../../../mail/compose/answered-message';
import { htmlToText } from '../../../mail/html-to-text/html-to-text';
import { UserError } from '../../shared/errors/user-error';
import { wallClockText } from '../../shared/fields/workflow-time';
import { addressesIn, type DraftWishes } from './draft-fields';
import type { DraftFile, Original } from './draft-original';

/** What is in the header, as text. */
export interface DraftHeader {
	from: string;
	to: string;
	cc: string;
	bcc: string;
	replyTo: string;
	subject: string;
	messageId: string;
	inReplyTo: string;
	references: string;
}

export interface Draft extends Bodies {
	header: DraftHeader;
	files: DraftFile[];
}

export interface DraftContext {
	/** The account's address; undefined if it does not log in with one. */
	account: string | undefined;
	/** Files of the item. */
	files: readonly DraftFile[];
	/** IANA name; the date of the original is written in it. */
	timeZone: string;
}

export async function draftOf(
	wishes: DraftWishes,
	original: Original,
	{ account, files, timeZone }: DraftContext,
): Promise<Draft> {
	const { answered } = original;
	return {
		header: draftHeader(wishes, answered, account),
		...(await bodiesOf(wishes, original, timeZone)),
		files: [...files, ...original.files],
	};
}

/** @throws UserError if there is no one to reply to */
export function draftHeader(
	wishes: DraftWishes,
	answered: Answered,
	account: string | undefined,
): DraftHeader {
	const isForward = wishes.kind === 'forward';
	const own = [
		...wishes.own,
		...addressesIn(wishes.from ?? ''),
		...(account === undefined ? [] : [account]),
	];
	const { to, cc } = isForward
		? { to: [], cc: [] }
		: replyRecipients(answered, { all: wishes.kind === 'replyAll', own });
	if (!isForward && to.length === 0) {
		throw new UserError(
			'The message has no address to reply to',
			'Use "Forward" and enter the recipients.',
		);
	}
	const from = wishes.from ?? formatCorrespondents(identity(answered, own));
	const { inReplyTo, references } = threadFields(answered);
	const usual = isForward ? forwardSubject(answered.subject) : replySubject(answered.subject);
	return {
		from,
		to: joined(formatCorrespondents(to), wishes.to),
		cc: joined(formatCorrespondents(cc), wishes.cc),
		bcc: wishes.bcc,
		replyTo: wishes.replyTo,
		subject: wishes.subject ?? usual,
		messageId: newMessageId(addressesIn(from)[0]),
		// A forwarded message belongs to the conversation, but replies to no one in it.
		inReplyTo: isForward ? '' : (inReplyTo ?? ''),
		references: references.join(' '),
	};
}

/** Who writes: whichever of one's addresses the message was sent to, with the name that it has there. */
function identity({ from, to, cc }: Answered, own: readonly string[]): Correspondent[] {
	const mine = new Set(own.map((address) => address.toLowerCase()));
	const addressed = [...to, ...cc, ...from].find(({ address }) => mine.has(address.toLowerCase()));
	const [first] = own;
	return addressed ? [addressed] : first === undefined ? [] : [{ address: first }];
}

async function bodiesOf(
	{ kind, text, html, quote, asAttachment }: DraftWishes,
	{ answered, bodies }: Original,
	timeZone: string,
): Promise<Bodies> {
	const own = { text: text === '' && html !== '' ? await htmlToText(html) : text, html };
	if (!quote || asAttachment) return own;
	const when = answered.sent ? wallClockText(answered.sent, timeZone) : '';
	const write = kind === 'forward' ? forwardBodies : answerBodies;
	return write(own, answered, bodies, when);
}

const joined = (...lists: readonly string[]): string =>
	lists.filter((list) => list !== '').join(', ');

export function composedDraft({ header, text, html, files }: Draft): Promise<Buffer> {
	const given = Object.fromEntries(Object.entries(header).filter(([, value]) => value !== ''));
	return composeMessage({
		...given,
		text,
		html: html === '' ? undefined : html,
		attachments: files.map(({ cid, ...file }) =>
			cid === undefined
				? { ...file, contentDisposition: 'attachment' as const }
				: { ...file, cid, contentDisposition: 'inline' as const },
		),
	});
}
