import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { Imap4Error, type Appended, type Imap4 } from '../../../engine/index';
import { withMessageId } from '../../../mail/compose/replace-message-id';
import { probe } from '../../shared/account/connection-pool';
import { orRefusal } from '../../shared/errors/refusal';
import type { Execution } from '../../shared/execution/execution';
import type { Operation, Work } from '../../shared/execution/operation';
import { runGroups, runItems, type Group } from '../../shared/execution/runner';
import type { Requests } from '../../shared/execution/requests';
import { dryRunProperties, isDryRun } from '../../shared/execution/safeguards';
import { isSet } from '../../shared/fields/is-expression';
import { moment } from '../../shared/fields/workflow-time';
import { createIfMissingProperty } from '../../shared/mailbox/create-if-missing';
import { choiceKey, choiceText, type MailboxChoice } from '../../shared/mailbox/mailbox-choice';
import { mailboxLocator, readMailboxChoice } from '../../shared/mailbox/mailbox-locator';
import { type MailboxResolver, type ResolvedMailbox } from '../../shared/mailbox/mailbox-resolver';
import { messageIdIn } from '../../shared/message/composed-message';
import {
	messageFrom,
	readSource,
	sourceProperties,
	type GivenMessage,
	type GivenSource,
} from '../../shared/message/message-source';
import {
	markOriginals,
	originalProperties,
	readOriginal,
	type Original,
} from '../drafts/answered-original';

const properties: INodeProperties[] = [
	...sourceProperties,
	...originalProperties,
	{
		...mailboxLocator({
			name: 'sentMailbox',
			displayName: 'Sent Mailbox',
			description: 'The mailbox where sent messages are stored',
		}),
		default: { mode: 'role', value: 'sent' },
	},
	createIfMissingProperty,
	{
		displayName: 'Options',
		name: 'sentOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Message ID',
				name: 'messageId',
				type: 'string',
				default: '',
				placeholder: 'e.g. <7c1f@mail.example.com>',
				description:
					'The Message-ID under which the message was sent, as returned by the node that sent it. Needed only if the message contains another one or none.',
			},
			{
				displayName: 'Sent Date',
				name: 'date',
				type: 'dateTime',
				default: '',
				description: 'When the message was sent. Leave empty for the current time.',
			},
		],
	},
	...dryRunProperties('Whether to only check the message, without storing it'),
];

/** What an item asks for. */
interface Wanted {
	item: number;
	date: Date | undefined;
	source: GivenSource;
	/** In place of the message's own. */
	messageId: string | undefined;
	original: Original | undefined;
	choice: MailboxChoice;
	createIfMissing: boolean;
	dryRun: boolean;
}

interface Sent extends Wanted, GivenMessage {
	messageId: string | undefined;
}

/** Where a sent message is. */
interface Saved {
	sent: Sent;
	json: IDataObject;
}

/** @param account the `url` of the account */
function readWanted(execution: Execution, item: number, account: string): Wanted {
	const options = execution.parameter<IDataObject>('sentOptions', item, {});
	const date = isSet(execution.context, 'sentOptions', options, 'date')
		? moment(options.date, execution.context.getTimezone(), 'Sent Date')
		: undefined;
	return {
		item,
		date,
		source: readSource(execution, item, date),
		messageId: 'messageId' in options ? messageIdIn(options.messageId, 'Message ID') : undefined,
		original: readOriginal(execution, item, account),
		choice: readMailboxChoice(execution.context, item, 'sentMailbox', 'Sent Mailbox'),
		createIfMissing: execution.toggle('createIfMissing', 'Create Mailbox If Missing', item),
		dryRun: isDryRun(execution, item),
	};
}

/** The messages of a group, in memory; an item whose message cannot be read has failed. */
async function readSent(execution: Execution, group: readonly Wanted[]): Promise<Sent[]> {
	const all: Sent[] = [];
	for (const wanted of group) {
		const { item, source, messageId } = wanted;
		await execution.guarded([item], undefined, async () => {
			const given = await messageFrom(execution, item, source);
			const sent = messageId === undefined ? given : await renamed(given, messageId);
			all.push({ ...wanted, ...sent, messageId: sent.messageId });
		});
	}
	return all;
}

async function renamed({ message }: GivenMessage, messageId: string): Promise<GivenMessage> {
	const chunks: Uint8Array[] = [];
	if (typeof message === 'string') chunks.push(Buffer.from(message));
	else if (message instanceof Uint8Array) chunks.push(message);
	else {
		const stream = typeof message === 'function' ? await message() : message;
		for await (const chunk of stream) chunks.push(chunk);
	}
	return { message: withMessageId(Buffer.concat(chunks), messageId), messageId };
}

/**
 * Where it is, by Message-ID, of what the mailbox has already: many servers keep what is sent through them, and a
 * run that was interrupted is started again.
 */
async function alreadyThere(
	imap: Imap4,
	name: string,
	ids: readonly string[],
): Promise<Map<string, IDataObject>> {
	const places = new Map<string, IDataObject>();
	if (ids.length === 0) return places;
	const mailbox = await orRefusal(imap.open(name, { readOnly: true }));
	// One that is not there yet, or that may only be written to.
	if (mailbox instanceof Imap4Error) return places;
	const found = await Promise.all(
		ids.map((id) => mailbox.search({ header: { 'Message-ID': id } })),
	);
	for (const [index, [uid]] of found.entries()) {
		if (uid !== undefined) {
			places.set(ids[index] as string, { uidValidity: mailbox.uidValidity ?? null, uid });
		}
	}
	// Courier stores nothing in a mailbox that is open read-only.
	await mailbox.close();
	return places;
}

function report({ messageId, original }: Sent, mailbox: ResolvedMailbox): IDataObject {
	return {
		messageId: messageId ?? null,
		mailbox: mailbox.name,
		...(mailbox.requested === undefined ? {} : { requestedMailbox: mailbox.requested }),
		...(original ? { original: { ...original.reference } } : {}),
	};
}

/**
 * Messages for one mailbox: those that it has are not stored once more.
 * @param saved gets each as soon as it is stored, since one behind it may fail
 */
async function saveAll(
	execution: Execution,
	imap: Imap4,
	resolver: MailboxResolver,
	all: readonly Sent[],
	saved: Saved[],
): Promise<void> {
	const [{ choice, createIfMissing }] = all as [Sent];
	const mailbox = await resolver.resolve(choice, createIfMissing);
	const ids = mailbox.missing ? [] : all.flatMap(({ messageId }) => messageId ?? []);
	const places = await alreadyThere(imap, mailbox.name, [...new Set(ids)]);
	for (const sent of all) {
		execution.checkCancelled();
		await execution.guarded([sent.item], mailbox.name, async () => {
			const known = sent.messageId === undefined ? undefined : places.get(sent.messageId);
			const base = report(sent, mailbox);
			if (sent.dryRun) {
				const there = known === undefined ? {} : { alreadyThere: true };
				const missing = mailbox.missing === true;
				execution.emit(sent.item, { dryRun: true, ...base, missing, ...there });
				return;
			}
			if (known !== undefined) {
				saved.push({ sent, json: { ...base, ...known, alreadyThere: true } });
				return;
			}
			const { result, created } = await resolver.storingIn(choice, createIfMissing, (name) =>
				imap.append(name, sent.message, { flags: ['\\Seen'], date: sent.date }),
			);
			const place = placeOf(result);
			saved.push({
				sent,
				json: { ...base, ...place, ...(created ? { createdMailbox: true } : {}) },
			});
			// A second item of the same message is the same message.
			if (sent.messageId !== undefined) places.set(sent.messageId, place);
		});
	}
}

const placeOf = (appended: Appended | undefined): IDataObject => ({
	uidValidity: appended?.uidValidity ?? null,
	uid: appended?.uid ?? null,
});

/** Messages in memory at a time. */
const AT_ONCE = 8;

interface SentGroup extends Group {
	wanted: Wanted[];
}

/** Items for the same mailbox, few enough to be in memory together. */
function grouped(requests: Requests<Wanted>): SentGroup[] {
	const groups: SentGroup[] = [];
	const open = new Map<string, { items: number[]; wanted: Wanted[] }>();
	for (const [item, wanted] of requests) {
		const { choice, createIfMissing } = wanted;
		const key = JSON.stringify([choiceKey(choice), createIfMissing]);
		const same = open.get(key);
		if (same && same.items.length < AT_ONCE) {
			same.items.push(item);
			same.wanted.push(wanted);
			continue;
		}
		const group = { items: [item], wanted: [wanted], mailbox: choiceText(choice) };
		groups.push(group);
		open.set(key, group);
	}
	return groups;
}

async function saveGroup(
	execution: Execution,
	imap: Imap4,
	resolver: MailboxResolver,
	{ wanted }: SentGroup,
): Promise<void> {
	const all = await readSent(execution, wanted);
	if (all.length === 0) return;
	const saved: Saved[] = [];
	try {
		await saveAll(execution, imap, resolver, all, saved);
	} finally {
		await finishSaved(execution, imap, saved);
	}
}

/** Marks their originals and puts them out. */
async function finishSaved(
	execution: Execution,
	imap: Imap4,
	saved: readonly Saved[],
): Promise<void> {
	const originals = saved.flatMap(({ sent }) => sent.original ?? []);
	const marks = await markOriginals(imap, originals);
	for (const { sent, json } of saved) {
		const mark = sent.original && marks[originals.indexOf(sent.original)];
		execution.emit(sent.item, { ...json, ...mark });
	}
	execution.finish(saved.map(({ sent }) => sent.item));
}

const execute: Work = (execution) =>
	runItems<Wanted, void>(execution, {
		read: (item, account) => readWanted(execution, item, account.url),
		sittings(requests, account) {
			const groups = grouped(requests);
			return [
				{
					items: requests.items,
					open: probe,
					async work(imap) {
						const resolver = execution.resolver(imap, account);
						await runGroups(execution, groups, 1, (group) =>
							saveGroup(execution, imap, resolver, group),
						);
					},
				},
			];
		},
	});

export const saveToSent: Operation = {
	name: 'Save to Sent',
	value: 'saveToSent',
	description:
		'Store a sent message in the sent mailbox and mark the original as answered (APPEND, STORE)',
	forModel:
		'Use it after another tool has sent a message, to keep a copy. Returns where it is stored. Never sends anything, and never stores the same message twice.',
	action: 'Save a sent message',
	properties,
	execute,
};
