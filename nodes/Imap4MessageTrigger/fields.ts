/** The fields of the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { ACKNOWLEDGED } from '../shared/message/acknowledgement';
import { systemFlagOptions } from '../shared/fields/flag-options';
import { mailboxLocator } from '../shared/mailbox/mailbox-locator';
import { outputProperties } from '../shared/message/message-output';
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
			name: 'Flags Changed',
			value: 'flagsChanged',
			description: 'A message was read, starred, answered, tagged, or the reverse',
		},
		{
			name: 'Message Received',
			value: 'messageReceived',
			description: 'A message has come into the mailbox, in whatever way',
		},
		{
			name: 'Message Removed',
			value: 'messageRemoved',
			description: 'A message was deleted for good or moved away',
		},
		{
			name: 'Quota Above',
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
				description: 'All mailboxes that match, new ones too',
			},
			{ name: 'One Mailbox', value: 'one' },
			{ name: 'Several Mailboxes', value: 'several' },
		],
		default: 'one',
	},
	shown(mailboxLocator(), { watch: ['one'] }),
	{
		displayName: 'Mailboxes',
		name: 'mailboxes',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Mailbox' },
		displayOptions: { show: { watch: ['several'] } },
		default: [],
		placeholder: 'e.g. Archive/2025',
		description: 'Their paths',
	},
	{
		displayName: 'Pattern',
		name: 'pattern',
		type: 'string',
		displayOptions: { show: { watch: ['pattern'] } },
		default: '*',
		description: '* stands for anything, % for anything within one level (LIST)',
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
					'A message comes again until the flow says that it is done with it: by IMAP4 Flags with the operation Acknowledge, or by moving or deleting it',
			},
			{
				name: 'When Received',
				value: 'received',
				description: 'A message comes once; if the flow fails, it does not come again',
			},
		],
		default: 'received',
	},
	shown(
		{
			displayName: 'Give Again After (Minutes)',
			name: 'againAfter',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 30,
			description: 'More than the flow ever takes, or messages come while it is still at them',
		},
		{ delivery: ['acknowledged'] },
	),
	shown(
		{
			displayName: 'Keyword',
			name: 'acknowledgeKeyword',
			type: 'string',
			default: ACKNOWLEDGED,
			description: 'What Acknowledge marks a message with',
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
		displayName: 'Afterwards',
		name: 'after',
		type: 'options',
		options: [
			{ name: 'Add a Keyword', value: 'keyword' },
			{ name: 'Leave as It Is', value: 'nothing' },
			{ name: 'Mark as Read', value: 'markRead' },
			{ name: 'Move', value: 'move' },
		],
		default: 'nothing',
		description:
			'What to do with a message once n8n has it, or once it is acknowledged. It is done at the next poll, so that a crash in between loses nothing.',
	},
	shown(
		{
			displayName: 'Keyword to Add',
			name: 'afterKeyword',
			type: 'string',
			default: '',
			required: true,
		},
		{ after: ['keyword'] },
	),
	shown(
		mailboxLocator({
			name: 'afterMailbox',
			displayName: 'Move Into',
			description: 'Made if it does not exist. The reference in the item is no longer good then.',
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
		description: 'Flags whose coming or going matters; all of them if none is named',
	},
	{
		displayName: 'Only These Keywords',
		name: 'changedKeywords',
		type: 'string',
		default: '',
		description: 'Keywords whose coming or going matters, separated by commas or blanks',
	},
];

const quotaPercent: INodeProperties = {
	displayName: 'Percent',
	name: 'quotaPercent',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 90,
	description:
		'The part of a limit from which on a quota counts as above. It comes once, and again after it was below.',
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
			description: 'Whether the first poll also gives the messages that are there already',
		},
		{
			displayName: 'Most Items per Poll',
			name: 'most',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 500,
			description: 'The rest comes with the next polls',
		},
		{
			displayName: 'Newest Messages to Watch',
			name: 'watchNewest',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: 1000,
			description:
				'For Flags Changed: of how many messages the flags are remembered. On servers with CONDSTORE changes of older ones are given as well, without what they were before.',
		},
		{
			displayName: 'When Numbered Anew',
			name: 'onRenumbered',
			type: 'options',
			options: [
				{
					name: 'Compare by Message-ID',
					value: 'rescan',
					description: 'Give those of the newest 1,000 messages that it has not seen before',
				},
				{ name: 'Fail', value: 'fail', description: 'Give nothing until someone has decided' },
				{
					name: 'Go on From Now',
					value: 'baseline',
					description: 'Give what comes from now on, and write a warning into the log',
				},
			],
			default: 'baseline',
			description:
				'What to do when the mailbox was deleted and made again, or restored, so that its UIDs mean other messages (UIDVALIDITY)',
		},
	],
};

export const fields: INodeProperties[] = [
	event,
	...watch,
	...delivery.map((property) => shown(property, on('messageReceived'))),
	...after.map((property) => shown(property, on('messageReceived'))),
	...changedFlags.map((property) => shown(property, on('flagsChanged'))),
	shown(quotaPercent, on('quotaAbove')),
	shown(filtersProperty, on('messageReceived', 'flagsChanged')),
	...outputProperties.map((property) => shown(property, on('messageReceived', 'flagsChanged'))),
	options,
];
