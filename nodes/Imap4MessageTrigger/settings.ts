/** The fields of the trigger, read once for each poll. */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { ownKeyword } from './acknowledgements';
import { ACKNOWLEDGED } from '../shared/message/acknowledgement';
import { readOutputOptions, type OutputOptions } from '../shared/message/output-options';
import { isExpression } from '../shared/fields/is-expression';
import { strictText, strictTexts } from '../shared/fields/strict-values';
import { UserError } from '../shared/errors/user-error';
import type { MailboxChoice } from '../shared/mailbox/mailbox-choice';
import { choiceIn } from '../shared/mailbox/mailbox-locator';
import type { MessageFilters } from '../shared/message/exact-times';
import { messageFilters } from '../shared/message/search-filters';

export const EVENTS = ['messageReceived', 'flagsChanged', 'messageRemoved', 'quotaAbove'] as const;
export type EventName = (typeof EVENTS)[number];

export type Watched =
	| { choices: readonly MailboxChoice[]; pattern?: undefined }
	| { choices?: undefined; pattern: string };

export type AfterEmitting =
	| { do: 'nothing' }
	| { do: 'markRead' }
	| { do: 'keyword'; keyword: string }
	| { do: 'move'; to: MailboxChoice };

export interface Acknowledgement {
	keyword: string;
	/** A keyword that counts as well, unless the message had it before; of versions before 0.2. */
	shared: string | undefined;
	byReading: boolean;
	/** Milliseconds after which a message is redelivered. */
	againAfter: number;
	/** Deliveries after which a message is given up. */
	most: number;
}

export interface Settings {
	event: EventName;
	watched: Watched;
	filters: MessageFilters;
	output: OutputOptions;
	/** Undefined for the delivery When Received. */
	acknowledgement: Acknowledgement | undefined;
	after: AfterEmitting;
	/** Flags whose addition or removal is an event, in lower case; empty for all. */
	flags: readonly string[];
	/** Percent. */
	quotaAbove: number;
	includeExisting: boolean;
	onRenumbered: 'baseline' | 'rescan' | 'fail';
	/** Maximum number of items per poll. */
	most: number;
	/** Number of newest messages of a mailbox whose flags are remembered. */
	watchNewest: number;
	/** Whether the poll waits for new messages. */
	waits: boolean;
}

/** @throws UserError naming the field */
export function readSettings(context: IPollFunctions): Settings {
	const event = text(context, 'event') as EventName;
	if (!EVENTS.includes(event)) throw new UserError(`"${event}" is not a valid event`);
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const parameters = {
		parameter: <Value>(name: string, _item: number, fallback?: Value): Value =>
			context.getNodeParameter(name, fallback) as Value,
	};
	return {
		event,
		watched: readWatched(context),
		filters: messageFilters(filters, context.getTimezone()),
		output: readOutputOptions(parameters, 0),
		acknowledgement: readAcknowledgement(context, options),
		after: readAfter(context),
		flags: [
			...changedFlags(context),
			...words(
				strictText(context.getNodeParameter('changedKeywords', ''), 'Only These Keywords', {
					required: isExpression(context, 'changedKeywords'),
				}),
			),
		].map((flag) => flag.toLowerCase()),
		quotaAbove: number(context.getNodeParameter('quotaPercent', 90), 'Percent', 1, 1000),
		includeExisting: options.includeExisting === true,
		onRenumbered: (options.onRenumbered as Settings['onRenumbered'] | undefined) ?? 'baseline',
		most: number(options.most ?? 500, 'Max Items per Poll', 1, 100_000),
		watchNewest: number(options.watchNewest ?? 1000, 'Newest Messages to Watch', 1, 100_000),
		waits: options.waitForNew === true,
	};
}

/** @throws UserError if an expression is empty, which would mean any flag */
function changedFlags(context: IPollFunctions): string[] {
	const flags = strictTexts(context.getNodeParameter('changedFlags', []), 'Only These Flags');
	if (flags.length > 0 || !isExpression(context, 'changedFlags')) return flags;
	throw new UserError(
		'The field "Only These Flags" is empty',
		'Check what its expression returns, or clear the field for any flag.',
	);
}

function readWatched(context: IPollFunctions): Watched {
	switch (text(context, 'watch')) {
		case 'pattern': {
			const pattern = text(context, 'pattern');
			if (pattern === '')
				throw new UserError('The field "Pattern" is empty', 'Enter *, or INBOX/*.');
			return { pattern };
		}
		case 'several': {
			const names = list(context.getNodeParameter('mailboxes', [])).filter((name) => name !== '');
			if (names.length === 0) throw new UserError('No mailbox is entered in "Mailboxes"');
			return { choices: [...new Set(names)].map((path) => ({ by: 'path', path })) };
		}
		default: {
			return { choices: [mailboxIn(context, 'mailbox', 'Mailbox')] };
		}
	}
}

function readAcknowledgement(
	context: IPollFunctions,
	options: IDataObject,
): Settings['acknowledgement'] {
	if (text(context, 'delivery') !== 'acknowledged') return undefined;
	const given = text(context, 'acknowledgeKeyword') || ACKNOWLEDGED;
	const isShared = given === ACKNOWLEDGED;
	const minutes = context.getNodeParameter('againAfter', 30);
	return {
		keyword: isShared ? ownKeyword(context.getWorkflow().id ?? '', context.getNode().id) : given,
		shared: isShared ? ACKNOWLEDGED : undefined,
		byReading: context.getNodeParameter('acknowledgedByReading', false) === true,
		againAfter: number(minutes, 'Redeliver After (Minutes)', 1, 100_000) * 60_000,
		most: number(options.maxDeliveries ?? 10, 'Max Deliveries', 1, 100_000),
	};
}

function readAfter(context: IPollFunctions): AfterEmitting {
	const after = text(context, 'after');
	if (after === 'markRead') return { do: 'markRead' };
	if (after === 'keyword') {
		const keyword = text(context, 'afterKeyword');
		if (keyword === '') throw new UserError('The field "Keyword to Add" is empty');
		return { do: 'keyword', keyword };
	}
	if (after !== 'move') return { do: 'nothing' };
	return { do: 'move', to: mailboxIn(context, 'afterMailbox', 'Move To') };
}

/** @throws UserError if the field names no mailbox */
function mailboxIn(context: IPollFunctions, name: string, label: string): MailboxChoice {
	return choiceIn(context.getNodeParameter(name, ''), label);
}

function text(context: IPollFunctions, name: string): string {
	const value: unknown = context.getNodeParameter(name, '');
	return typeof value === 'string' ? value.trim() : '';
}

function list(value: unknown): string[] {
	return Array.isArray(value) ? value.map(String) : [];
}

function words(value: string): string[] {
	return value.split(/[\s,]+/).filter((word) => word !== '');
}

function number(value: unknown, field: string, least: number, most: number): number {
	const it = Number(value);
	if (Number.isSafeInteger(it) && it >= least && it <= most) return it;
	throw new UserError(`The field "${field}" must be a whole number from ${least} to ${most}`);
}
