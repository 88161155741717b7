import { UID_VALIDITY } from '../example-account';
import { box, type Entries, type Mistake } from './entry';

const inInbox = (uid: number) => ({ mailbox: 'INBOX', uidValidity: UID_VALIDITY.INBOX, uid });
const items = [inInbox(2), inInbox(4)];

const RENUMBERED: Mistake = {
	when: 'UIDVALIDITY changed after the item got its reference',
	items: [{ ...inInbox(2), uidValidity: 1234567 }],
};

const CHANGE = {
	notes: [
		'All messages of a mailbox that get the same flags are changed by one command, however many items there are. _Only If Unchanged Since_ needs `CONDSTORE`.',
	],
	errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
} as const;

export const flagsEntries: Entries = {
	'imap4Flags.flag.acknowledge': {
		notes: [
			'It sets the keyword that the trigger waits for. The mailbox must allow new keywords; _Get Many_ of this node reports this (`takesNewKeywords`).',
		],
		errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
		example: { says: 'The flow is done with two messages:', items },
		mistakes: [RENUMBERED],
	},
	'imap4Flags.flag.add': {
		...CHANGE,
		example: {
			says: 'Two messages are starred and tagged:',
			parameters: { systemFlags: ['\\Flagged'], keywords: 'invoice' },
			items,
		},
		mistakes: [
			{ when: 'No flag is selected', parameters: {} },
			{ when: 'A system flag stands among the keywords', parameters: { keywords: '\\Seen' } },
			RENUMBERED,
		],
	},
	'imap4Flags.flag.changeLabels': {
		needs: ['X-GM-EXT-1'],
		offers: ['X-GM-EXT-1'],
		notes: [
			'Inbox, Starred, Important, Sent and Draft are Gmail’s own labels, whatever language the account is in. A message that loses the label Inbox is archived, and one that loses the label of the mailbox it was read from is no longer there: its reference is then invalid. _Get Many_ of IMAP4 Message returns the labels with the field _Gmail Data_. This was not tested at Gmail itself.',
		],
		errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
		example: {
			says: 'A message gets a label and is archived:',
			parameters: { addLabels: 'Invoices/2026', removeLabels: 'Inbox' },
			items: [inInbox(2)],
		},
		mistakes: [{ when: 'No label is named', parameters: { addLabels: ' , ' } }, RENUMBERED],
	},
	'imap4Flags.flag.getMany': {
		uses: { CONDSTORE: '`modSeq` is `null`' },
		errors: ['NONEXISTENT', 'NOPERM'],
		example: { says: 'The flags of a message:', items: [inInbox(3)] },
	},
	'imap4Flags.flag.markAsRead': {
		errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
		example: { says: 'Two messages are marked as read:', items },
		mistakes: [RENUMBERED],
	},
	'imap4Flags.flag.markAsUnread': {
		errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
		example: { says: 'A message is unread again:', items: [inInbox(3)] },
		mistakes: [RENUMBERED],
	},
	'imap4Flags.flag.remove': {
		...CHANGE,
		example: {
			says: 'A message is unread again, and its resulting flags are returned:',
			parameters: { systemFlags: ['\\Seen'], returnFlags: true },
			items: [inInbox(3)],
		},
	},
	'imap4Flags.flag.set': {
		...CHANGE,
		example: {
			says: 'Messages that a filter finds get these flags and lose all others:',
			parameters: {
				messages: 'search',
				mailbox: box('INBOX'),
				filters: { from: 'bert@example.org' },
				systemFlags: ['\\Seen'],
			},
		},
		mistakes: [
			{
				when: 'No filter is set',
				parameters: { messages: 'search', mailbox: box('INBOX'), systemFlags: ['\\Seen'] },
			},
		],
	},
};
