/** The methods that work on several mailboxes at once: what would end their commands, in each argument. */
import { any, type Row } from './imaplib-rows';

export const SEVERAL_MAILBOXES: Record<string, Row> = {
	searchMailboxes: {
		sends: /^ESEARCH /,
		calls: {
			mailbox: (imap, text) => imap.searchMailboxes({}, [{ mailboxes: ['A', text] }]),
			source: (imap, text) => imap.searchMailboxes({}, [any(text), { subtree: [text] }]),
			subtreeOne: (imap, text) => imap.searchMailboxes({}, [{ subtreeOne: [text] }]),
			keyword: (imap, text) => imap.searchMailboxes({ keyword: text }, ['personal']),
			text: (imap, text) => imap.searchMailboxes({ text }, ['personal']),
		},
	},
	notify: {
		sends: /^NOTIFY SET /,
		calls: {
			'mailboxes by name': (imap, text) =>
				imap.notify([{ of: { mailboxes: ['INBOX', text] }, events: ['MailboxName'] }]),
			subtree: (imap, text) => imap.notify([{ of: { subtree: [text] }, events: [] }]),
			'set of mailboxes': (imap, text) =>
				imap.notify([{ of: any(`personal${text}`), events: ['MailboxName'] }]),
			event: (imap, text) => imap.notify([{ of: 'personal', events: [any(`MailboxName${text}`)] }]),
		},
	},
};
