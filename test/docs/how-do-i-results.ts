/** What each answer of docs/how-do-i.md shows or leaves behind. */
import type { IDataObject } from 'n8n-workflow';
import { expect } from 'vitest';
import type { Account } from '../server';
import type { Options, Shown } from './pasted-workflow';

type Shows = (shown: Shown) => void | Promise<void>;

interface Result extends Options {
	shows: Shows;
}

const subjects = ({ json }: Shown): unknown[] => json.map(({ subject }) => subject);
const inMailbox = (account: Account, name: string): string[] =>
	account
		.mailbox(name)
		.messages.map(({ octets }) => /^Subject: (.*)\r$/m.exec(octets.toString())?.[1] ?? '');
const fileNames = ({ items }: Shown): unknown[] =>
	items.flatMap(({ binary }) => Object.values(binary ?? {}).map(({ fileName }) => fileName));

/** Only these messages come, in this order. */
const come =
	(...wanted: string[]): Shows =>
	(shown) => {
		expect(subjects(shown)).toEqual(wanted);
	};

/** The first item has these fields. */
const has =
	(fields: IDataObject): Shows =>
	({ json }) => {
		expect(json[0]).toMatchObject(fields);
	};

/** Messages of this subject have the flag, and no others have got it. */
const flagged =
	(subject: string, flag: string): Shows =>
	({ account, json }) => {
		const { messages } = account.mailbox('INBOX');
		const changed = messages.filter(({ uid }) => json.some((item) => item.uid === uid));
		expect(changed.length).toBeGreaterThan(0);
		for (const { octets, flags } of changed) {
			expect(octets.toString()).toContain(subject);
			expect([...flags]).toContain(flag);
		}
	};

export const RESULTS: Record<string, Shows | Result> = {
	'start a workflow when an email arrives': come('Backup finished'),
	'read unread messages': ({ json }) => {
		expect(json.length).toBeGreaterThan(3);
		for (const { flags } of json) expect(flags).not.toContain('\\Seen');
	},
	'search messages by text, sender or date': come('Old newsletter', 'Invoice 1001'),
	'make a daily digest of unread mail': come('Backup finished', 'Meeting today'),
	'get a whole conversation': ({ json }) => {
		expect(json.map(({ subject, count }) => [subject, count])).toContainEqual([
			'Plan for the garden',
			2,
		]);
	},

	'receive messages within seconds': come('Backup finished'),
	'watch several folders': come('Backup finished'),
	'make sure that no message is lost when a workflow fails': ({ account, json }) => {
		const { flags } = account.mailbox('INBOX').messages.at(-1) ?? {};
		expect(json).toHaveLength(1);
		expect([...(flags ?? [])].join()).toMatch(/n8nAcknowledged/i);
	},
	'start a workflow when someone stars a message': has({
		event: 'flagsChanged',
		added: null,
		removed: null,
	}),
	'know when a message was deleted or moved away': has({
		event: 'messageRemoved',
		mailbox: 'INBOX',
		removed: true,
	}),
	'get a warning before a mailbox is full': has({
		event: 'quotaAbove',
		resource: 'STORAGE',
		limit: 100,
	}),

	'mark messages that a workflow has seen': come('Backup finished'),

	'find what arrived in the last hour': come('Backup finished', 'Meeting today'),
	'search all folders at once': ({ json }) => {
		expect(new Set(json.map(({ mailbox }) => mailbox))).toEqual(new Set(['INBOX', 'Sent']));
	},
	'get a conversation together with my own answers': ({ json }) => {
		const thread = json.find(({ count }) => count === 3);
		expect(thread).toMatchObject({ mailboxes: ['INBOX', 'Sent'] });
		expect((thread?.messages as IDataObject[]).map(({ text }) => text)).toContain(
			'I will bring the seeds.',
		);
	},
	'read a huge mailbox page by page': ({ json }) => {
		expect(json).toHaveLength(5);
		expect(json[0]?.nextCursor).toMatch(/^\d+:\d+:newest$/);
	},
	'find messages with large attachments': come('Photos of the roof'),
	'find messages from any of several senders': come(
		'Garden news',
		'Old newsletter',
		'Invoice 1001',
	),
	'find messages that nobody has answered': ({ json }) => {
		expect(json.length).toBeGreaterThan(0);
		for (const { flags } of json) expect(flags).not.toContain('\\Answered');
	},
	'find a message by its Message-ID': come('Plan for the garden'),
	'find the messages of a mailing list': come('Garden news'),

	'look up messages for each of my items': come('Old newsletter', 'Invoice 1001'),

	'give a language model only the new text': has({ text: 'We take it.' }),
	'get a message as Markdown': ({ json }) => {
		expect(json[0]?.text).toContain('# Garden news');
		expect(json[0]?.text).toContain('[read on](https://news.example/track/4711)');
	},
	'get names and addresses as separate fields': has({
		cc: [{ name: 'Clara', address: 'clara@example.net' }],
	}),
	'read a calendar invitation': has({
		calendar: { method: 'REQUEST', summary: 'Team meeting' },
	}),
	'find out which addresses bounced': has({
		bounce: { recipient: 'nobody@example.net', action: 'failed', status: '5.1.1' },
	}),
	'get the unsubscribe link of a newsletter': has({
		unsubscribe: { url: 'https://news.example/leave?u=1', oneClick: true },
	}),
	'check whether SPF, DKIM and DMARC passed': has({
		authentication: { server: 'mx.example.com', spf: 'pass', dkim: 'pass', dmarc: 'pass' },
	}),

	'save the attachments of unread invoices': (shown) => {
		expect(fileNames(shown)).toEqual(['invoice-1001.pdf']);
	},
	'list attachments without downloading them': (shown) => {
		expect(shown.json.map(({ fileName }) => fileName)).toEqual(['invoice-1001.pdf']);
		expect(fileNames(shown)).toEqual([]);
	},
	'back up messages as EML files': (shown) => {
		expect(fileNames(shown).length).toBe(2);
		for (const name of fileNames(shown)) expect(name).toMatch(/\.eml$/);
	},

	'save only PDF files': (shown) => {
		expect(fileNames(shown)).toEqual(['invoice-1001.pdf']);
	},
	'open winmail.dat': (shown) => {
		expect(fileNames(shown)).toEqual(['plan.txt']);
	},
	'save what is attached to an attached message': (shown) => {
		expect(fileNames(shown)).toEqual(['contract.pdf']);
	},

	'move newsletters into a folder': ({ account }) => {
		expect(inMailbox(account, 'Newsletters')).toEqual(['Old newsletter']);
	},
	'archive old mail': ({ account, json }) => {
		expect(json.length).toBeGreaterThan(3);
		expect(inMailbox(account, 'Archive').length).toBe(json.length);
		expect(inMailbox(account, 'INBOX')).toEqual(['Meeting today', 'Backup finished']);
	},
	'delete junk older than 30 days': ({ account, json }) => {
		expect(JSON.stringify(json)).toContain('dryRun');
		expect(inMailbox(account, 'Junk')).toHaveLength(2);
	},
	'mark messages as read': flagged('shop.example', '\\Seen'),
	'star messages': flagged('Invoice', '\\Flagged'),
	'label messages': flagged('Invoice', 'invoice'),
	'delete messages': ({ account }) => {
		expect(inMailbox(account, 'Junk')).toEqual([]);
		expect(inMailbox(account, 'Trash')).toContain('You have won');
	},
	'see what would happen before anything changes': ({ account, json }) => {
		expect(json).toMatchObject([{ dryRun: true, count: 2, uids: '2,5' }]);
		expect(inMailbox(account, 'INBOX')).toContain('Invoice 1001');
	},
	'undo a deletion': ({ account }) => {
		expect(inMailbox(account, 'INBOX')).toContain('Deleted by mistake');
		expect(inMailbox(account, 'Trash')).toEqual([]);
	},
	'keep the fields of my items after Move': ({ account, json }) => {
		expect(json.map(({ subject, mailbox }) => [subject, mailbox])).toEqual([
			['Old newsletter', 'Archive'],
			['Invoice 1001', 'Archive'],
		]);
		expect(inMailbox(account, 'Archive').sort()).toEqual(['Invoice 1001', 'Old newsletter']);
	},
	'act on a message when a node in between dropped its reference': flagged('Lunch', '\\Seen'),
	'change the labels of a message at Gmail': {
		offers: ['X-GM-EXT-1'],
		shows({ account }) {
			const [, invoice] = account.mailbox('INBOX').messages;
			expect([...(invoice?.labels ?? [])]).toEqual(['Shopping']);
		},
	},
	'move messages to another account': ({ account, target }) => {
		expect(inMailbox(target, 'Archive')).toEqual(['Lunch on Friday?', 'Invoice 1001']);
		expect(inMailbox(account, 'INBOX')).not.toContain('Invoice 1001');
	},

	'create a draft': ({ account }) => {
		expect(inMailbox(account, 'Drafts')).toEqual(['Friday']);
	},
	'draft a reply to a message': ({ account }) => {
		expect(inMailbox(account, 'Drafts')).toEqual(['Re: Lunch on Friday?']);
	},
	'forward a message': ({ account }) => {
		expect(inMailbox(account, 'Drafts')).toEqual(['Fwd: Invoice 1001']);
	},
	'reply to everyone': ({ account, json }) => {
		expect(json).toMatchObject([{ to: 'team@example.org', cc: 'Clara <clara@example.net>' }]);
		expect(inMailbox(account, 'Drafts')).toEqual(['Re: Minutes']);
	},
	'send a reply and keep a copy in Sent': ({ account }) => {
		const sent = account.mailbox('Sent').messages.at(-1)?.octets.toString();
		expect(sent).toContain('Subject: Re: Minutes');
		expect(sent).toContain('In-Reply-To: <8.more.inbox@example.org>');
		const minutes = account.mailbox('INBOX').messages.find(({ uid }) => uid === 14);
		expect([...(minutes?.flags ?? [])]).toContain('\\Answered');
	},
	'write a draft in HTML with a file attached': ({ account }) => {
		const draft = account.mailbox('Drafts').messages[0]?.octets.toString();
		expect(draft).toContain('Please <b>pay</b>.');
		expect(draft).toContain('invoice-1001.pdf');
	},
	'draft an invitation to a meeting': ({ account }) => {
		const draft = account.mailbox('Drafts').messages[0]?.octets.toString();
		expect(draft).toMatch(/Content-Type: text\/calendar;[^]*METHOD:REQUEST/);
	},
	'store an EML file in a mailbox': ({ account }) => {
		const [original] = account
			.mailbox('INBOX')
			.messages.filter(({ octets }) => octets.includes('Fwd: Contract'));
		expect(account.mailbox('Archive').messages[0]?.octets).toEqual(original?.octets);
	},

	'list folders with their unread counts': ({ json }) => {
		expect(JSON.stringify(json.find(({ path, name }) => (path ?? name) === 'INBOX'))).toContain(
			'unseen',
		);
	},
	'create a folder': ({ account }) => {
		expect(account.find('Projects/Garden')).toBeDefined();
	},
	'see how full a mailbox is': ({ json }) => {
		expect(json.map(({ resource }) => resource)).toContain('STORAGE');
	},
	'share a mailbox with someone': ({ account }) => {
		expect(account.mailbox('Archive').access.rightsOf('bert')).toContain('r');
	},
	'find out what the server supports': ({ json }) => {
		expect(json[0]?.capabilities).toContain('QUOTA');
	},
	'use Sent or Trash, whatever their names are': come('Re: Plan for the garden'),
	'count the messages of a mailbox': has({ messages: 15, unseen: 11 }),
	'rename or move a folder': ({ account }) => {
		expect(account.find('Old/2023')).toBeDefined();
		expect(account.find('Archive/2023')).toBeUndefined();
	},
	'see who may read a mailbox': ({ json }) => {
		const rights = json.map(({ identifier, rightNames }) => [identifier, rightNames]);
		expect(rights).toContainEqual(['bert', ['Lookup', 'Read', 'Keep Seen']]);
	},
	'limit how much a mailbox may hold': has({ resource: 'STORAGE', limit: 1048576 }),
	'leave a note on a mailbox': ({ account }) => {
		const { annotations } = account.mailbox('INBOX');
		expect(annotations.get('/private/comment')?.toString()).toBe('Tidied up by n8n');
	},
	'open a shared mailbox of Microsoft 365': come('An order'),
	'use the credential of the Email Trigger': ({ json }) => {
		expect(json).toHaveLength(15);
	},
	'go on when a message cannot be read': {
		unreadable: 3,
		shows({ json, failed }) {
			expect(json).toHaveLength(14);
			expect(failed).toMatchObject([{ uid: 3, unreadable: expect.any(String) as string }]);
		},
	},
	'use a command that no operation covers': has({
		responses: ['* STATUS "INBOX" (MESSAGES 15 UNSEEN 11)'],
	}),
};
