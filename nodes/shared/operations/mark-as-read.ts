/** Mark as Read and Mark as Unread, which IMAP4 Message and IMAP4 Message Flags both offer. */
import type { Operation } from '../execution/operation';
import { acceptGoneProperty } from '../execution/gone-messages';
import { keepInputProperty } from '../execution/keep-input';
import { safeguardProperties } from '../execution/safeguards';
import { changeFlags } from './change-flags';
import { selectionProperties } from '../message/message-selection';

const SEEN = { flags: ['\\Seen'], returnFlags: false };

export const markAsRead: Operation = {
	name: 'Mark as Read',
	value: 'markAsRead',
	description: 'Mark messages as read (STORE +FLAGS \\Seen)',
	forModel:
		'Use it once messages have been dealt with. Returns the messages. Never moves or deletes them.',
	action: 'Mark messages as read',
	properties: [
		...selectionProperties,
		keepInputProperty,
		acceptGoneProperty,
		...safeguardProperties,
	],
	execute: changeFlags('+FLAGS', 'added', () => SEEN),
};

export const markAsUnread: Operation = {
	name: 'Mark as Unread',
	value: 'markAsUnread',
	description: 'Mark messages as unread (STORE -FLAGS \\Seen)',
	forModel:
		'Use it to bring messages back to the attention of a person. Returns the messages. Never moves or deletes them.',
	action: 'Mark messages as unread',
	properties: [...selectionProperties, acceptGoneProperty, ...safeguardProperties],
	execute: changeFlags('-FLAGS', 'removed', () => SEEN),
};
