import { box, type Entries } from './entry';

/** What to expect of an operation on a mailbox that is named. */
const NAMED = ['NONEXISTENT', 'NOPERM'];

const WITHOUT_UIDPLUS =
	'everything in the mailbox that is marked as deleted is removed, by whomever it was marked';

export const mailboxEntries: Entries = {
	'imap4Mailbox.mailbox.check': {
		notes: [
			'The mailbox is opened read-only, so that the messages in it stay _recent_ for your mail client. IMAP4rev2 has no CHECK any more: there it is NOOP.',
		],
		errors: NAMED,
		example: { says: 'How many messages INBOX holds:', parameters: { mailbox: box('INBOX') } },
		mistakes: [
			{ when: 'There is no such mailbox', parameters: { mailbox: box('Nowhere') } },
			{ when: 'An expression came out empty', parameters: { mailbox: box('={{ "" }}') } },
		],
	},
	'imap4Mailbox.mailbox.create': {
		notes: [
			'Levels are separated as the server does it, mostly by `/` or `.`: [IMAP4 Namespace](namespace.md) tells. Names are Unicode; the node encodes them.',
		],
		errors: ['ALREADYEXISTS', 'CANNOT', 'NOPERM', 'OVERQUOTA'],
		example: {
			says: 'A mailbox for the year, which mail clients show:',
			parameters: {
				path: 'Archive/2024',
				mailboxOptions: { ignoreExisting: true, subscribe: true },
			},
		},
		mistakes: [{ when: 'It exists already', parameters: { path: 'Archive/2023' } }],
	},
	'imap4Mailbox.mailbox.delete': {
		uses: { 'STATUS=SIZE': 'a dry run tells no size' },
		notes: [
			'The mailbox goes with all messages in it, and not into the trash. Try it with _Dry Run_ first. Mailboxes below it stay, or make the server refuse.',
		],
		errors: [...NAMED, 'HASCHILDREN', 'INUSE', 'CANNOT'],
		example: {
			says: 'What would be deleted:',
			parameters: { mailbox: box('Junk'), dryRun: true },
		},
		mistakes: [
			{
				when: 'There are more messages in it than allowed',
				parameters: { mailbox: box('INBOX'), stopIfMoreThan: 3 },
			},
		],
	},
	'imap4Mailbox.mailbox.empty': {
		uses: {
			UIDPLUS:
				'it is refused while other messages of the mailbox are marked as deleted, since those would be removed as well',
		},
		notes: [
			'Messages are removed for good, the mailbox stays. Days are calendar days in the time zone of the workflow.',
		],
		errors: [...NAMED, 'READ_ONLY'],
		example: {
			says: 'Junk of more than 30 days is removed:',
			parameters: { mailbox: box('Junk'), olderThanDays: 30, stopIfMoreThan: 500 },
		},
		mistakes: [
			{
				when: 'There are more messages than allowed',
				parameters: { mailbox: box('Junk'), stopIfMoreThan: 1 },
			},
		],
	},
	'imap4Mailbox.mailbox.expunge': {
		uses: { UIDPLUS: WITHOUT_UIDPLUS },
		errors: [...NAMED, 'READ_ONLY'],
		example: {
			says: 'What is marked as deleted is removed:',
			parameters: { mailbox: box('INBOX') },
		},
	},
	'imap4Mailbox.mailbox.getMany': {
		uses: {
			'LIST-STATUS': 'the figures come from one STATUS command for each mailbox',
			'SPECIAL-USE':
				'the field `specialUse` is empty on servers that tell special uses in no other way',
		},
		errors: ['NOPERM'],
		example: {
			says: 'All mailboxes with their numbers of messages:',
			parameters: { returnAll: true, withStatus: true, figures: ['messages', 'unseen'] },
		},
	},
	'imap4Mailbox.mailbox.getStatus': {
		notes: [
			'For a mailbox that is not open. To have the figures of many mailboxes at once, use _Get Many_ with _With Status_.',
		],
		errors: NAMED,
		example: {
			says: 'Figures of INBOX:',
			parameters: { mailbox: box('INBOX'), figures: ['messages', 'unseen', 'uidNext', 'size'] },
		},
		mistakes: [
			{
				when: 'The server cannot tell a figure',
				parameters: { mailbox: box('INBOX'), figures: ['appendLimit'] },
			},
		],
	},
	'imap4Mailbox.mailbox.rename': {
		notes: ['To rename INBOX moves its messages into the new mailbox and leaves INBOX empty.'],
		errors: [...NAMED, 'ALREADYEXISTS', 'CANNOT'],
		example: {
			says: 'A mailbox gets another place:',
			parameters: { mailbox: box('Archive/2023'), newPath: 'Old/2023' },
		},
	},
	'imap4Mailbox.mailbox.subscribe': {
		errors: NAMED,
		example: { says: 'Mail clients show it from now on:', parameters: { mailbox: box('Junk') } },
	},
	'imap4Mailbox.mailbox.unsubscribe': {
		notes: ['A subscription to a mailbox that is gone can be ended too.'],
		errors: [],
		example: { says: 'Mail clients hide it from now on:', parameters: { mailbox: box('Sent') } },
	},
};
