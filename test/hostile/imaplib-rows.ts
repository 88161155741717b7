import type { Imap4 } from '../../engine/index';
import { IMAP4 } from '../../engine/imaplib';

export type Call = (imap: Imap4, text: string) => unknown;
/** A method, and what is given to it. */
export interface Row {
	/** The one command that may be sent, and what the method sends of itself behind it. */
	sends: RegExp;
	/** What is given the text in one of its arguments. */
	calls: Record<string, Call>;
	/** Before a login, with a session of its own. */
	login?: boolean;
}
/** For arguments that are no texts. */
export const any = (text: string): never => text as never;

/** What imaplib's methods take as text and write again. */
export const IMAPLIB: Record<string, Row> = {
	'imaplib partial()': {
		sends: /^(PARTIAL|FETCH) /,
		calls: {
			number: (imap, text) => IMAP4.over(imap).partial(any(text), 'RFC822', 0, 1),
			part: (imap, text) => IMAP4.over(imap).partial(1, text, 0, 1),
			'in brackets': (imap, text) => IMAP4.over(imap).partial(1, `BODY[${text}]`, 0, 1),
			start: (imap, text) => IMAP4.over(imap).partial(1, 'RFC822', any(text), 1),
			length: (imap, text) => IMAP4.over(imap).partial(1, 'RFC822', 0, any(text)),
		},
	},
	'imaplib uid()': {
		sends: /^UID (COPY|FETCH|STORE) /,
		calls: {
			command: async (imap, text) => IMAP4.over(imap).uid(text, '1', 'A'),
			set: (imap, text) => IMAP4.over(imap).uid('COPY', text, 'A'),
			items: (imap, text) => IMAP4.over(imap).uid('FETCH', '1', text),
			flag: (imap, text) => IMAP4.over(imap).uid('STORE', '1', '+FLAGS', text),
		},
	},
	'imaplib, the others': {
		sends: /^(FETCH|STORE|STATUS|SORT|SEARCH|APPEND) /,
		calls: {
			'items to fetch': (imap, text) => IMAP4.over(imap).fetch('1', text),
			'a section': (imap, text) => IMAP4.over(imap).fetch('1', `BODY[${text}]`),
			'an action': (imap, text) => IMAP4.over(imap).store('1', text, 'x'),
			flags: (imap, text) => IMAP4.over(imap).store('1', '+FLAGS', text),
			'flags to append': (imap, text) => IMAP4.over(imap).append('A', text, null, 'x'),
			'items of STATUS': (imap, text) => IMAP4.over(imap).status('A', text),
			'sort criteria': (imap, text) => IMAP4.over(imap).sort(text, 'UTF-8'),
			charset: (imap, text) => IMAP4.over(imap).search(text, 'ALL'),
			criteria: (imap, text) => IMAP4.over(imap).search(null, text),
		},
	},
};
