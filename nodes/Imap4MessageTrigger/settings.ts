/** The fields of the trigger, read once for each poll. */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { ownKeyword } from './acknowledgement-keyword';
import { ACKNOWLEDGED } from '../shared/message/acknowledgement';
import { readOutputOptions, type OutputOptions } from '../shared/message/output-options';
import { isExpression } from '../shared/fields/is-expression';
import {
	optionalSwitch,
	strictBoolean,
	strictChoice,
	strictText,
	strictTexts,
	strictWholeNumber,
} from '../shared/fields/strict-values';
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
	onRenumbered: (typeof ON_RENUMBERED)[number];
	/** Maximum number of items per poll. */
	most: number;
	/** Number of newest messages of a mailbox whose flags are remembered. */
	watchNewest: number;
	/** Whether the poll waits for new messages. */
	waits: boolean;
}

/** Of messages, deliveries and minutes. */
const COUNT = { min: 1, max: 100_000 };
/** Some servers store more than the limit. */
const PERCENT = { min: 1, max: 1000 };
const ON_RENUMBERED = ['baseline', 'rescan', 'fail'] as const;

/** @throws UserError naming the field */
export function readSettings(context: IPollFunctions): Settings {
	const event = strictChoice(given(context, 'event', 'messageReceived'), 'Event', EVENTS);
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const filters = context.getNodeParameter('filters', {}) as IDataObject;
	const parameters = {
		parameter: <Value>(name: string, _item: number, fallback?: Value): Value =>
			context.getNodeParameter(name, fallback) as Value,
	};
	/** @param standard where the option was not added */
	const limit = (name: string, label: string, standard: number): number =>
		name in options ? strictWholeNumber(options[name], label, COUNT) : standard;
	return {
		event,
		watched: readWatched(context),
		filters: messageFilters(filters, context.getTimezone()),
		output: readOutputOptions(parameters, 0),
		acknowledgement: readAcknowledgement(context, limit('maxDeliveries', 'Max Deliveries', 10)),
		after: readAfter(context),
		flags: [
			...changedFlags(context),
			...words(
				strictText(context.getNodeParameter('changedKeywords', ''), 'Only These Keywords', {
					required: isExpression(context, 'changedKeywords'),
				}),
			),
		].map((flag) => flag.toLowerCase()),
		quotaAbove: strictWholeNumber(given(context, 'quotaPercent', 90), 'Percent', PERCENT),
		includeExisting:
			optionalSwitch(options, 'includeExisting', 'Include Existing Messages') ?? false,
		onRenumbered:
			'onRenumbered' in options
				? strictChoice(options.onRenumbered, 'When UIDVALIDITY Changes', ON_RENUMBERED)
				: 'baseline',
		most: limit('most', 'Max Items per Poll', 500),
		watchNewest: limit('watchNewest', 'Newest Messages to Watch', 1000),
		waits: optionalSwitch(options, 'waitForNew', 'Wait for New Mail (IDLE)') ?? false,
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
	switch (strictChoice(given(context, 'watch', 'one'), 'Watch', ['one', 'several', 'pattern'])) {
		case 'pattern':
			return { pattern: requiredText(context, 'pattern', 'Pattern') };
		case 'several': {
			const paths = strictTexts(given(context, 'mailboxes', []), 'Mailboxes');
			const names = new Set(paths.filter((path) => path !== ''));
			if (names.size === 0) {
				throw new UserError(
					'No mailbox is selected in "Mailboxes"',
					'Select one. If the field is an expression, check what it returns.',
				);
			}
			return { choices: [...names].map((path) => ({ by: 'path', path })) };
		}
		case 'one':
			return { choices: [mailboxIn(context, 'mailbox', 'Mailbox')] };
	}
}

function readAcknowledgement(context: IPollFunctions, most: number): Settings['acknowledgement'] {
	const delivery = strictChoice(given(context, 'delivery', 'received'), 'Delivery', [
		'received',
		'acknowledged',
	]);
	if (delivery === 'received') return undefined;
	const written = strictText(given(context, 'acknowledgeKeyword', ''), 'Keyword', {
		required: isExpression(context, 'acknowledgeKeyword'),
	});
	const keyword = written.trim() || ACKNOWLEDGED;
	const isShared = keyword === ACKNOWLEDGED;
	const minutes = given(context, 'againAfter', 30);
	return {
		keyword: isShared ? ownKeyword(context.getWorkflow().id ?? '', context.getNode().id) : keyword,
		shared: isShared ? ACKNOWLEDGED : undefined,
		byReading: strictBoolean(
			given(context, 'acknowledgedByReading', false),
			'Acknowledged by Reading',
		),
		againAfter: strictWholeNumber(minutes, 'Redeliver After (Minutes)', COUNT) * 60_000,
		most,
	};
}

function readAfter(context: IPollFunctions): AfterEmitting {
	const after = strictChoice(given(context, 'after', 'nothing'), 'After Delivery', [
		'nothing',
		'markRead',
		'keyword',
		'move',
	]);
	switch (after) {
		case 'keyword':
			return { do: after, keyword: requiredText(context, 'afterKeyword', 'Keyword to Add') };
		case 'move':
			return { do: after, to: mailboxIn(context, 'afterMailbox', 'Move Into') };
		default:
			return { do: after };
	}
}

/** @throws UserError if the field names no mailbox */
function mailboxIn(context: IPollFunctions, name: string, label: string): MailboxChoice {
	return choiceIn(context, name, context.getNodeParameter(name, ''), label);
}

const given = (context: IPollFunctions, name: string, standard: unknown): unknown =>
	context.getNodeParameter(name, standard);

const requiredText = (context: IPollFunctions, name: string, label: string): string =>
	strictText(given(context, name, ''), label, { required: true }).trim();

function words(value: string): string[] {
	return value.split(/[\s,]/).filter((word) => word !== '');
}
