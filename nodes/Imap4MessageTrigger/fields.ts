/** The fields of the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { ACKNOWLEDGED } from '../shared/message/acknowledgement';
import { notice } from '../shared/fields/notice';
import { systemFlagOptions } from '../shared/fields/flag-options';
import { mailboxLocator } from '../shared/mailbox/mailbox-locator';
import { outputProperties } from '../shared/message/output-options';
import { filtersProperty } from '../shared/message/filter-fields';
import type { EventName } from './settings';

type Condition = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;

/** The same field, shown only under this condition as well. */
function shown(property: INodeProperties, when: Condition): INodeProperties {
	const { show } = property.displayOptions ?? {};
	return { ...property, displayOptions: { show: { ...show, ...when } } };
}

const on = (...events: EventName[]): Condition => ({ event: events });

const event: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Message Received',
			value: 'messageReceived',
			description: 'A message arrived in the mailbox: delivered, stored, copied or moved',
		},
		{
			name: 'Flags Changed',
			value: 'flagsChanged',
			description:
				'A message was marked as read, starred, answered or tagged, or such a mark was removed',
		},
		{
			name: 'Message Removed',
			value: 'messageRemoved',
			description: 'A message was deleted permanently or moved away',
		},
		{
			name: 'Quota Threshold Reached',
			value: 'quotaAbove',
			description: 'A mailbox is nearly full',
		},
	],
	default: 'messageReceived',
};

const watch: INodeProperties[] = [
	{
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		options: [
			{
				name: 'By Pattern',
				value: 'pattern',
				description: 'All mailboxes that match, including new ones',
			},
			{ name: 'One Mailbox', value: 'one' },
			{ name: 'Several Mailboxes', value: 'several' },
		],
		default: 'one',
	},
	shown(mailboxLocator(), { watch: ['one'] }),
	{
		// eslint-disable-next-line n8n-nodes-base/node-param-display-name-wrong-for-dynamic-multi-options -- a mailbox has no ID
		displayName: 'Mailboxes',
		name: 'mailboxes',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getMailboxes', loadOptionsDependsOn: ['authentication'] },
		displayOptions: { show: { watch: ['several'] } },
		default: [],
		// eslint-disable-next-line n8n-nodes-base/node-param-description-wrong-for-dynamic-multi-options -- nor is it one value
		description:
			'The mailboxes to watch. Choose them from the list, or return a list of paths from an expression.',
	},
	{
		displayName: 'Pattern',
		name: 'pattern',
		type: 'string',
		displayOptions: { show: { watch: ['pattern'] } },
		default: '*',
		description:
			'* matches anything, % anything within one level (LIST). Mailboxes that are created later are included, with all their messages. After you change the pattern, mailboxes it adds start with the messages that arrive from then on.',
	},
];

const delivery: INodeProperties[] = [
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		options: [
			{
				name: 'Until Acknowledged',
				value: 'acknowledged',
				description:
					'A message is redelivered until the workflow acknowledges it: by IMAP4 Message Flags with the operation Acknowledge, or by moving or deleting it',
			},
			{
				name: 'When Received',
				value: 'received',
				description: 'A message is delivered once. If the workflow fails, it is not redelivered.',
			},
		],
		default: 'received',
	},
	shown(
		{
			displayName: 'Redeliver After (Minutes)',
			name: 'againAfter',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			description:
				"Must be longer than the longest execution takes; otherwise messages are redelivered while they're still being processed",
		},
		{ delivery: ['acknowledged'] },
	),
	shown(
		{
			displayName: 'Keyword',
			name: 'acknowledgeKeyword',
			type: 'string',
			default: ACKNOWLEDGED,
			description:
				'The keyword by which messages are acknowledged. With the default, each trigger node has its own keyword, which Acknowledge reads from the item.',
		},
		{ delivery: ['acknowledged'] },
	),
	shown(
		{
			displayName: 'Acknowledged by Reading',
			name: 'acknowledgedByReading',
			type: 'boolean',
			default: false,
			description:
				'Whether an unread message counts as acknowledged as soon as anyone marks it as read',
		},
		{ delivery: ['acknowledged'] },
	),
];

const after: INodeProperties[] = [
	{
		displayName: 'After Delivery',
		name: 'after',
		type: 'options',
		options: [
			{ name: 'Add a Keyword', value: 'keyword' },
			{ name: 'Do Nothing', value: 'nothing' },
			{ name: 'Mark as Read', value: 'markRead' },
			{ name: 'Move', value: 'move' },
		],
		default: 'nothing',
		description:
			'What to do with a message after it was delivered or, with Until Acknowledged, acknowledged. This happens at the next poll, so that nothing is lost if n8n crashes in between.',
	},
	shown(
		{
			displayName: 'Keyword to Add',
			name: 'afterKeyword',
			type: 'string',
			placeholder: 'e.g. $Processed',
			default: '',
			required: true,
		},
		{ after: ['keyword'] },
	),
	shown(
		mailboxLocator({
			name: 'afterMailbox',
			displayName: 'Move Into',
			description:
				"Created if it doesn't exist. Of several mailboxes, this one is not watched. After the move, the item's mailbox and UID no longer identify the message.",
			standard: '',
		}),
		{ after: ['move'] },
	),
];

const changedFlags: INodeProperties[] = [
	{
		displayName: 'Only These Flags',
		name: 'changedFlags',
		type: 'multiOptions',
		options: systemFlagOptions,
		default: [],
		description:
			'Trigger only when one of these flags is added or removed. Leave empty for any flag.',
	},
	{
		displayName: 'Only These Keywords',
		name: 'changedKeywords',
		type: 'string',
		placeholder: 'e.g. $Important',
		default: '',
		description:
			'Trigger only when one of these keywords is added or removed, separated by commas or spaces',
	},
];

const quotaPercent: INodeProperties = {
	displayName: 'Percent',
	name: 'quotaPercent',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 90,
	description:
		'Usage that starts the workflow, in percent of the limit. Starts it once per quota root and resource, then again only after usage has dropped below this.',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		{
			displayName: 'Include Existing Messages',
			name: 'includeExisting',
			type: 'boolean',
			default: false,
			description: 'Whether the first poll also delivers messages that are already in the mailbox',
		},
		{
			displayName: 'Max Deliveries',
			name: 'maxDeliveries',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 10,
			description:
				'For Until Acknowledged: after this many deliveries, a message that was never acknowledged is given up. An item with the field "gaveUp" reports it.',
		},
		{
			displayName: 'Max Items per Poll',
			name: 'most',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 500,
			description: 'Remaining items are delivered by later polls',
		},
		{
			displayName: 'Newest Messages to Watch',
			name: 'watchNewest',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			description:
				'For Flags Changed: number of messages per mailbox whose flags are remembered. On servers with CONDSTORE, changes of older messages are returned too, without the flags they had before.',
		},
		{
			displayName: 'Wait for New Mail (IDLE)',
			name: 'waitForNew',
			type: 'boolean',
			default: false,
			description:
				'Whether each poll stays connected for as long as n8n allows and delivers messages within seconds of their arrival. Uses one connection all the time.',
		},
		{
			displayName: 'When UIDVALIDITY Changes',
			name: 'onRenumbered',
			type: 'options',
			options: [
				{
					name: 'Compare by Message-ID',
					value: 'rescan',
					description:
						"Deliver those of the newest 1,000 messages that haven't been delivered before",
				},
				{
					name: 'Fail',
					value: 'fail',
					description: 'Deliver nothing until you choose another option',
				},
				{
					name: 'Continue From Now',
					value: 'baseline',
					description: 'Deliver messages that arrive from now on, and log a warning',
				},
			],
			default: 'baseline',
			description:
				'What to do if the mailbox was recreated or restored, so that its UIDs now identify other messages',
		},
	],
};

export const fields: INodeProperties[] = [
	event,
	...watch,
	shown(filtersProperty, on('messageReceived', 'flagsChanged')),
	...delivery.map((property) => shown(property, on('messageReceived'))),
	...after.map((property) => shown(property, on('messageReceived'))),
	...changedFlags.map((property) => shown(property, on('flagsChanged'))),
	shown(quotaPercent, on('quotaAbove')),
	...outputProperties.map((property) => shown(property, on('messageReceived', 'flagsChanged'))),
	options,
	notice(
		'waitForNewNotice',
		'Keeps one connection to the server open all the time. Most servers allow an account 10 to 15 connections, including those of phones and other programs.',
		{ 'options.waitForNew': [true] },
	),
];
