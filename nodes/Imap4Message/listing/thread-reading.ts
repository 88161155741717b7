/** Reads the messages of threads in one mailbox, and what is put out of each. */
import type { IDataObject } from 'n8n-workflow';
import {
	FetchLedger,
	type FetchedMessage,
	type OpenMailbox,
	type Uid,
} from '../../../engine/index';
import { envelopeAddresses } from '../../../mail/address/envelope-addresses';
import { formatAddresses } from '../../../mail/address/format-addresses';
import { headerText } from '../../../mail/header/header-text';
import type { TextForm } from '../../../mail/reading/text-form';
import type { Execution } from '../../shared/execution/execution';
import { concernsMessage } from '../../shared/errors/advice';
import { binaryStore } from '../../shared/message/binary-store';
import { ContentReading } from '../../shared/message/message-content';
import { envelopeFields, malformedFields } from '../../shared/message/message-fields';
import { reasonFor } from '../../shared/message/message-reading';

export interface ThreadOutput {
	simplify: boolean;
	/** Undefined if the text is not wanted. */
	text: TextForm | undefined;
}

/** May be continued over another connection where one breaks. */
export class ThreadReading {
	private readonly ledger: FetchLedger;
	private readonly messages = new Map<Uid, FetchedMessage>();
	private content: ContentReading | undefined;

	constructor(
		uids: readonly Uid[],
		private readonly output: ThreadOutput,
	) {
		this.ledger = new FetchLedger(uids);
	}

	/** @throws InterruptedFetchError if the connection breaks; Imap4Error if no message is the reason */
	async read(execution: Execution, mailbox: OpenMailbox): Promise<void> {
		const { simplify, text } = this.output;
		const more = { flags: !simplify, size: !simplify, bodyStructure: text !== undefined };
		const items = { uid: true, internalDate: true, envelope: true, ...more };
		await this.ledger.settle(
			mailbox,
			async (uids, came) => {
				for await (const message of mailbox.fetch(uids, items)) {
					if (message.uid === undefined) continue;
					this.messages.set(message.uid, message);
					came(message.uid);
				}
			},
			{ concernsMessage },
		);
		if (!text) return;
		this.content ??= new ContentReading(
			[...this.messages].map(([uid, { bodyStructure }]) => ({
				uid,
				structure: bodyStructure,
				text,
			})),
			binaryStore(execution.context),
		);
		await this.content.read(execution, mailbox);
	}

	/** Undefined where it is gone or unreadable. */
	message(uid: Uid): FetchedMessage | undefined {
		return this.messages.get(uid);
	}

	isGone(uid: Uid): boolean {
		return this.ledger.gone.has(uid);
	}

	/** @param place what names the message, and where it stands in its thread */
	fields(uid: Uid, place: IDataObject): IDataObject {
		const { messages, ledger, content } = this;
		const message = messages.get(uid);
		const failed = [ledger, content].find((one) => one?.unreadable.has(uid));
		const problem = failed ? { unreadable: reasonFor(failed.unreadable.get(uid)) } : {};
		if (!message) return { ...place, ...problem };
		const read = content?.contents.get(uid);
		const text = {
			...(content ? { text: read?.text ?? '' } : {}),
			...(read?.textIsCut ? { textIsCut: true } : {}),
			...problem,
		};
		const { envelope, internalDate, flags, size } = message;
		const dated = { ...place, date: internalDate?.toISOString() ?? null };
		if (!this.output.simplify) {
			const fields = envelope ? { envelope: envelopeFields(envelope) } : {};
			return { ...dated, flags, size, ...fields, ...malformedFields(message), ...text };
		}
		return {
			...dated,
			from: formatAddresses(envelopeAddresses(envelope?.from ?? [])),
			subject: headerText(envelope?.subject),
			...text,
		};
	}
}

/** What is said of a thread as a whole: its subject, who takes part in it, and from when to when it goes. */
export function threadSummary(messages: readonly FetchedMessage[]): IDataObject {
	const dates = messages
		.flatMap(({ internalDate }) => internalDate?.toISOString() ?? [])
		.sort((a, b) => (a < b ? -1 : 1));
	return {
		subject: headerText(messages[0]?.envelope?.subject),
		participants: participants(messages),
		firstDate: dates[0] ?? null,
		lastDate: dates.at(-1) ?? null,
	};
}

/** Who wrote or received something, each once, in order of appearance. */
function participants(messages: readonly FetchedMessage[]): string[] {
	const found = new Map<string, string>();
	for (const { envelope } of messages) {
		for (const address of [envelope?.from, envelope?.to, envelope?.cc].flatMap(
			(all) => all ?? [],
		)) {
			const key = address.address.toLowerCase();
			if (key !== '' && !found.has(key))
				found.set(key, formatAddresses(envelopeAddresses([address])));
		}
	}
	return [...found.values()];
}
