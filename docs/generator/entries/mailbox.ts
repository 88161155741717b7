import { box, type Entries } from './entry';

/** What to expect of an operation on a mailbox that is named. */
const NAMED = ['NONEXISTENT', 'NOPERM'];

const WITHOUT_UIDPLUS =
	'everything in the mailbox that is marked as deleted is removed, by whomever it was marked';

export const mailboxEntries: Entries = {
	'imap4Mailbox.mailbox.check': {
		notes: [
			'The mailbox is opened read-only, so that the messages in it stay _recent_ for your mail client. IMAP4rev2 no longer has CHECK; the node sends NOOP there.',
		],
		errors: NAMED,
		example: { says: 'How many messages INBOX holds:', parameters: { mailbox: box('INBOX') } },
		mistakes: [
			{ when: "The mailbox doesn't exist", parameters: { mailbox: box('Nowhere') } },
			{ when: 'An expression returned nothing', parameters: { mailbox: box('={{ "" }}') } },
		],
	},
	'imap4Mailbox.mailbox.create': {
		notes: [
			'Names are Unicode; the node encodes them. [IMAP4 Namespace](namespace.md) returns the separator that the server uses between levels, usually `/` or `.`.',
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
		uses: { 'STATUS=SIZE': "a dry run doesn't report the size" },
		notes: [
			"The mailbox is deleted with all messages in it, and they don't go to the trash. Try it with _Dry Run_ first. Child mailboxes stay, or the server rejects the deletion.",
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
				'it fails while other messages of the mailbox are marked as deleted, since those would be removed too',
		},
		notes: [
			'Messages are deleted permanently; the mailbox stays. Days are calendar days in the time zone of the workflow.',
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
			'LIST-STATUS': 'the status items come from one STATUS command per mailbox',
			'SPECIAL-USE':
				'the field `specialUse` is empty unless the server reports special uses another way',
		},
		errors: ['NOPERM'],
		example: {
			says: 'All mailboxes with their numbers of messages:',
			parameters: { returnAll: true, withStatus: true, figures: ['messages', 'unseen'] },
		},
	},
	'imap4Mailbox.mailbox.getStatus': {
		notes: [
			'For a mailbox that is not open. To get the status of many mailboxes at once, use _Get Many_ with _Include Status_.',
		],
		errors: NAMED,
		example: {
			says: 'The status of INBOX:',
			parameters: { mailbox: box('INBOX'), figures: ['messages', 'unseen', 'uidNext', 'size'] },
		},
		mistakes: [
			{
				when: "The server doesn't support a status item",
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
