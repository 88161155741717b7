import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import type { ExtensionItem } from '../fetch-items';
import { fieldText } from '../message/encoded-words';
import { field, split } from '../message/header';
import type { SearchKey, Test } from '../search';
import type { StoredMessage } from '../store/mailbox';
import { hasFlag } from '../store/mailbox';

/** Gmail's extension (its name is not in any RFC); offered only where a test adds it. */
export const GMAIL = 'X-GM-EXT-1';

/** As large as Gmail's own, which do not fit a double. */
const FIRST_ID = 1_278_455_344_230_334_800n;

const messageId = ({ identity }: StoredMessage): string =>
	String(FIRST_ID + BigInt(identity.email));
const threadId = ({ identity }: StoredMessage): string =>
	String(FIRST_ID + BigInt(identity.thread));

function item(name: string, value: (message: StoredMessage) => string): ExtensionItem {
	return {
		needs: GMAIL,
		read: () => ({ name, marks: false, value: (message) => [value(message)] }),
	};
}

export const gmailItems: Record<string, ExtensionItem> = {
	'X-GM-MSGID': item('X-GM-MSGID', messageId),
	'X-GM-THRID': item('X-GM-THRID', threadId),
	'X-GM-LABELS': item('X-GM-LABELS', writtenLabels),
};

/** `(\Inbox Important "Two Words")`: labels are written as mailbox names are. */
export function writtenLabels({ labels }: StoredMessage): string {
	const each = [...labels].map((label) =>
		/^\\?[\w$./+&,-]+$/.test(label) ? label : `"${label.replace(/["\\]/g, '\\$&')}"`,
	);
	return `(${each.join(' ')})`;
}

/** A label, as it is written; system labels begin with a backslash. */
export function readLabel(reader: CommandReader): string {
	if (reader.take('\\')) return `\\${reader.atom()}`;
	const label = reader.astring().toString('latin1');
	if (label === '') throw new BadSyntax('the label is empty');
	return label;
}

function idKey(written: (message: StoredMessage) => string): SearchKey {
	return {
		needs: GMAIL,
		read(reader) {
			reader.space();
			const wanted = reader.run(/\d/, 'an identifier');
			return (message) => written(message) === wanted;
		},
	};
}

function hasLabel({ labels }: StoredMessage, wanted: string): boolean {
	return [...labels].some((label) => label.toLowerCase() === wanted.toLowerCase());
}

export const gmailKeys: Record<string, SearchKey> = {
	'X-GM-MSGID': idKey(messageId),
	'X-GM-THRID': idKey(threadId),
	'X-GM-LABELS': {
		needs: GMAIL,
		read(reader) {
			reader.space();
			const wanted = readLabel(reader);
			return (message) => hasLabel(message, wanted);
		},
	},
	'X-GM-RAW': {
		needs: GMAIL,
		read(reader) {
			reader.space();
			const terms =
				reader
					.astring()
					.toString('utf8')
					.match(/(?:"[^"]*"|\S)+/g) ?? [];
			const tests = terms.map((term) => rawTerm(term.replaceAll('"', '').toLowerCase()));
			return (message, seq, view) => tests.every((test) => test(message, seq, view));
		},
	},
};

/** The little of Gmail's search language that a test needs: `from:ann`, `is:unread`, `-pie`. */
function rawTerm(term: string): Test {
	if (term.startsWith('-')) {
		const test = rawTerm(term.slice(1));
		return (message, seq, view) => !test(message, seq, view);
	}
	const [, operator = '', value = ''] = /^([a-z0-9]+):(.*)$/.exec(term) ?? [];
	switch (operator) {
		case 'from':
		case 'to':
		case 'cc':
		case 'bcc':
		case 'subject':
			return ({ octets }) => inField(octets, operator, value);
		case 'rfc822msgid':
			return ({ octets }) => inField(octets, 'message-id', value);
		case 'label':
			return (message) => hasLabel(message, value) || hasLabel(message, `\\${value}`);
		case 'is':
			if (value === 'starred') return (message) => hasFlag(message, '\\Flagged');
			return (message) => hasFlag(message, '\\Seen') === (value === 'read');
		default:
			return ({ octets }) => octets.toString('utf8').toLowerCase().includes(term);
	}
}

function inField(octets: Buffer, name: string, wanted: string): boolean {
	return fieldText(field(split(octets).fields, name) ?? '')
		.toLowerCase()
		.includes(wanted);
}
