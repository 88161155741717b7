import { UID_VALIDITY } from '../example-account';
import { box, type Entries, type Mistake } from './entry';

const inInbox = (uid: number) => ({ mailbox: 'INBOX', uidValidity: UID_VALIDITY.INBOX, uid });

const RENUMBERED: Mistake = {
	when: 'UIDVALIDITY changed after the item got its reference',
	items: [{ ...inInbox(2), uidValidity: 1234567 }],
};

const NO_REFERENCE: Mistake = {
	when: 'The item comes from another node and has no reference',
	items: [{ subject: 'Hello' }],
};

const NO_FILTER: Mistake = {
	when: 'The expression of a filter returns nothing',
	parameters: { messages: 'search', mailbox: box('INBOX'), filters: { from: '={{ "" }}' } },
};

const UIDPLUS_MOVE =
	'the new UID is unknown, so `uid` and `uidValidity` are `null`, and without `MOVE` as well nothing is changed while other messages of the mailbox are marked as deleted';
const UIDPLUS_TARGET = 'the new UID is unknown, so `uid` and `uidValidity` are `null`';

export const messageEntries: Entries = {
	'imap4Message.message.copy': {
		uses: { UIDPLUS: UIDPLUS_TARGET },
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA'],
		example: {
			says: 'A message is copied:',
			parameters: { destination: box('Archive/2023') },
			items: [inInbox(2)],
		},
		mistakes: [
			RENUMBERED,
			{ when: "The mailbox doesn't exist", parameters: { destination: box('2024') } },
		],
	},
	'imap4Message.message.copyToAccount': {
		uses: {
			MULTIAPPEND: 'each message is stored by a command of its own',
			UIDPLUS: 'the new UID is looked for',
		},
		notes: [
			'The other account has a credential of its own type, _IMAP4 Target Account_, since a node in n8n can only have one credential of each type.',
			'Messages keep their bytes, flags, keywords and dates. They are recognized by Message-ID, size and date (without a Message-ID by size and date alone), so an interrupted run can be started again and stores nothing twice (`alreadyThere`). If the source has a message twice and the target once, one is stored.',
			"`flagsNotKept` lists keywords that the other mailbox doesn't keep. Small messages are stored many at a time; those above 1 MiB are streamed.",
		],
		errors: ['NONEXISTENT', 'NOPERM', 'OVERQUOTA', 'TOO_LARGE'],
		example: {
			says: 'A message is copied to the archive of another account:',
			parameters: { targetMailbox: box('Archive') },
			items: [inInbox(2)],
		},
		mistakes: [
			RENUMBERED,
			{
				when: 'The other account has no such mailbox',
				parameters: { targetMailbox: box('Archive/2024') },
				items: [inInbox(2)],
			},
		],
	},
	'imap4Message.message.create': {
		uses: { UIDPLUS: UIDPLUS_TARGET },
		notes: [
			'The message is stored, not sent: use it for drafts, for mail from elsewhere, and for restoring what _Download_ or another program saved.',
		],
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA', 'TOO_LARGE', 'LIMIT'],
		example: {
			says: 'A draft:',
			parameters: {
				storeAs: 'draft',
				source: 'raw',
				raw: 'From: anna@example.com\nTo: bert@example.org\nSubject: Friday\n\nShall we say one o’clock?',
				createOptions: { seen: true },
			},
		},
	},
	'imap4Message.message.delete': {
		uses: {
			MOVE: 'the messages are copied into the trash, marked as deleted, and removed',
			UIDPLUS: UIDPLUS_MOVE,
		},
		notes: [
			'_Move to Trash_ uses the mailbox that the server marks as `\\Trash`, or one with a usual name. _Permanently_ cannot be undone.',
		],
		errors: ['NOPERM', 'OVERQUOTA', 'READ_ONLY'],
		example: { says: 'A message goes to the trash:', items: [inInbox(2)] },
		mistakes: [
			RENUMBERED,
			NO_FILTER,
			{
				when: 'There are more messages than allowed',
				parameters: { messages: 'uids', mailbox: box('INBOX'), uids: '1:*', stopIfMoreThan: 3 },
				items: [{}],
			},
		],
	},
	'imap4Message.message.forward': {
		uses: { UIDPLUS: UIDPLUS_TARGET },
		notes: [
			'Nothing is sent. _Draft_ stores the message for a person to review; _Fields and Files_ returns it for a node that sends mail, with the files named in `attachments` and the whole message in the binary field `message`.',
			'The files of one draft may total 64 MiB.',
		],
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA', 'TOO_LARGE'],
		example: {
			says: 'An invoice for the accountant, as a draft:',
			parameters: { to: 'accounts@example.net', text: 'Please pay.' },
			items: [inInbox(2)],
		},
		mistakes: [RENUMBERED, NO_REFERENCE],
	},
	'imap4Message.message.get': {
		notes: [
			'Messages stay unread. A message that no longer exists is an error, not an empty item.',
		],
		errors: ['NONEXISTENT', 'NOPERM'],
		example: {
			says: 'A message with its text and its attachments:',
			parameters: { body: 'text', downloadAttachments: true },
			items: [inInbox(2)],
		},
		mistakes: [RENUMBERED, NO_REFERENCE, { when: 'No message has this UID', items: [inInbox(99)] }],
	},
	'imap4Message.message.getMany': {
		notes: [
			'Messages stay unread, since nothing is fetched without `PEEK`. _Limit_ keeps the newest messages unless you change _Order_.',
			'_Search In_ searches several mailboxes over one connection: in one command if the server offers `MULTISEARCH` (RFC 7377), otherwise one mailbox after the other. Messages are in the order of arrival, unless you use _Sort_. Mailboxes that only show messages of others (All Mail, Flagged, Important) are left out unless you name them; at Gmail, All Mail is searched instead of the labels. A mailbox that cannot be opened is an item with `mailbox` and `unreadable`.',
		],
		errors: ['NONEXISTENT', 'NOPERM'],
		example: {
			says: 'The unread messages of March 2024, newest first:',
			parameters: {
				mailbox: box('INBOX'),
				filters: { readStatus: 'unread', since: '2024-03-01', before: '2024-04-01' },
			},
		},
		mistakes: [
			{ when: "The mailbox doesn't exist", parameters: { mailbox: box('Nowhere') } },
			{
				when: 'An expression left a filter empty',
				parameters: { mailbox: box('INBOX'), filters: { from: '={{ "" }}' } },
			},
		],
	},
	'imap4Message.message.download': {
		notes: [
			'The message is streamed into n8n’s binary storage, so even a large one needs little memory if n8n stores binary data in files (see `N8N_DEFAULT_BINARY_DATA_MODE`).',
		],
		errors: ['NONEXISTENT', 'NOPERM', 'LIMIT'],
		example: { says: 'A message as a file:', items: [inInbox(2)] },
		mistakes: [RENUMBERED, NO_REFERENCE],
	},
	'imap4Message.message.getThreads': {
		uses: {
			'THREAD=REFERENCES': 'the node makes the threads from the headers of the messages found',
		},
		notes: [
			'Each entry of `messages` is a reference of its own, which Split Out turns into items for other operations. With several mailboxes in _Search In_, the node makes the threads itself: `parent` is then the reference of the message that one answers, and not only its UID. `threadId` is the Message-ID of the first message. A message that is in two mailboxes counts once; `copies` names the other places.',
		],
		errors: ['NONEXISTENT', 'NOPERM'],
		example: {
			says: 'The conversations with Bert, the one with the newest message first:',
			parameters: { mailbox: box('INBOX'), filters: { from: 'bert@example.org' } },
		},
		mistakes: [{ when: "The mailbox doesn't exist", parameters: { mailbox: box('Nowhere') } }],
	},
	'imap4Message.message.markAsRead': {
		errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
		example: {
			says: 'All messages of a sender are marked as read:',
			parameters: {
				messages: 'search',
				mailbox: box('INBOX'),
				filters: { from: 'bert@example.org' },
			},
		},
		mistakes: [NO_FILTER],
	},
	'imap4Message.message.markAsUnread': {
		errors: ['NONEXISTENT', 'NOPERM', 'READ_ONLY'],
		example: { says: 'A message is unread again:', items: [inInbox(3)] },
		mistakes: [RENUMBERED],
	},
	'imap4Message.message.move': {
		uses: {
			MOVE: 'the messages are copied, marked as deleted, and removed',
			UIDPLUS: UIDPLUS_MOVE,
		},
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA', 'READ_ONLY'],
		example: {
			says: 'Two messages are moved:',
			parameters: { destination: box('Archive/2023') },
			items: [inInbox(1), inInbox(3)],
		},
		mistakes: [
			RENUMBERED,
			{ when: "The mailbox doesn't exist", parameters: { destination: box('2024') } },
		],
	},
	'imap4Message.message.reply': {
		uses: { UIDPLUS: UIDPLUS_TARGET },
		notes: [
			'Nothing is sent. _Draft_ stores the reply for a person to review and send; _Fields and Files_ returns it for a node that sends mail.',
			'It is addressed to Reply-To if the message has that field, and comes from the address that the message was sent to. A reply to your own message goes to its recipients. HTML of the message is quoted without scripts, forms and style sheets.',
		],
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA'],
		example: {
			says: 'An answer, as a draft:',
			parameters: { text: 'Gladly, at one o’clock.' },
			items: [inInbox(1)],
		},
		mistakes: [
			RENUMBERED,
			NO_REFERENCE,
			{
				when: 'An expression left the text empty',
				parameters: { text: '={{ $json.answer }}' },
				items: [inInbox(1)],
			},
		],
	},
	'imap4Message.message.replyAll': {
		uses: { UIDPLUS: UIDPLUS_TARGET },
		notes: [
			'As _Reply_, and to everyone else in To and Cc. The address of the account and _Own Addresses_ are left out. Mail-Followup-To, by which mailing lists say where replies belong, is honored.',
		],
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA'],
		example: {
			says: 'An answer to everyone, handed on to a node that sends mail:',
			parameters: { text: 'I am in.', draftResult: 'fields' },
			items: [inInbox(4)],
		},
		mistakes: [RENUMBERED, NO_REFERENCE],
	},
	'imap4Message.message.saveToSent': {
		uses: { UIDPLUS: UIDPLUS_TARGET },
		notes: [
			'For after a node that sends mail: the message as it was sent, from fields, or from the binary field `message` of _Reply_, _Reply to All_ and _Forward_. Give it the Message-ID that the sending node returned, so that replies find their conversation.',
			'A message that the mailbox has already, by its Message-ID, is not stored again (`alreadyThere`): Gmail and Microsoft 365 store what is sent through them by themselves, and an interrupted run can be started again.',
			'_Original_ is the field `original` of the node that created the reply. If that message has been moved or deleted since, the sent message is still stored, and `notMarked` has the reason.',
		],
		errors: ['NONEXISTENT', 'TRYCREATE', 'NOPERM', 'OVERQUOTA', 'TOO_LARGE'],
		example: {
			says: 'An answer that another node has sent:',
			parameters: {
				source: 'raw',
				raw: 'From: anna@example.com\nTo: bert@example.org\nSubject: Re: Lunch on Friday?\nMessage-ID: <7@mail.example.com>\n\nGladly.',
				markOriginal: 'answered',
			},
			items: [{ original: inInbox(1) }],
		},
		mistakes: [
			{
				when: 'The item says nothing of an original',
				parameters: { source: 'raw', raw: 'Subject: x\n\ny', markOriginal: 'answered' },
				items: [{}],
			},
		],
	},
	'imap4Message.message.moveToAccount': {
		uses: {
			MULTIAPPEND: 'each message is stored by a command of its own',
			UIDPLUS:
				'the new UID is looked for, and messages are removed by `EXPUNGE` if no others are marked',
		},
		notes: [
			'As _Copy to Another Account_. A message is removed here only when the other server has named its UID, or a search has found it there. One that the other mailbox has already, but with another size or date, stays (`removed` is `false`).',
		],
		errors: ['NONEXISTENT', 'NOPERM', 'OVERQUOTA', 'TOO_LARGE', 'READ_ONLY'],
		example: {
			says: 'Two messages move into the archive of another account:',
			parameters: { targetMailbox: box('Archive') },
			items: [1, 2].map((uid) => ({ mailbox: 'Junk', uidValidity: UID_VALIDITY.Junk, uid })),
		},
		mistakes: [RENUMBERED],
	},
	'imap4Message.attachment.download': {
		notes: ['Only the parts that are wanted are downloaded. The messages stay unread.'],
		errors: ['NONEXISTENT', 'NOPERM', 'LIMIT'],
		example: { says: 'The attachments of a message, an item each:', items: [inInbox(2)] },
		mistakes: [RENUMBERED, NO_REFERENCE],
	},
	'imap4Message.attachment.getMany': {
		notes: [
			'_Download_ and the resource _Part_ accept the numbers in `part`. `encodedSize` is the size as sent, with base64 a third more than the file.',
		],
		errors: ['NONEXISTENT', 'NOPERM'],
		example: { says: 'Which attachments a message has:', items: [inInbox(2)] },
		mistakes: [RENUMBERED, NO_REFERENCE],
	},
	'imap4Message.part.get': {
		errors: ['NONEXISTENT', 'NOPERM', 'LIMIT'],
		example: {
			says: 'Two fields of the header of a message:',
			parameters: { section: 'HEADER.FIELDS (Subject Date)' },
			items: [inInbox(2)],
		},
		mistakes: [RENUMBERED, NO_REFERENCE],
	},
};
