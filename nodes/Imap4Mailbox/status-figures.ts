/** The figures of STATUS (RFC 9051 §6.3.11): which to ask for, and how they are put out. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Imap4, MailboxStatus, StatusItem } from '../../engine/index';
import { UserError } from '../shared/errors/user-error';

/** The capability that a figure needs, any one of them. */
const NEEDS: Partial<Record<StatusItem, readonly string[]>> = {
	deleted: ['STATUS=DELETED', 'IMAP4rev2'],
	size: ['STATUS=SIZE'],
	highestModSeq: ['CONDSTORE', 'QRESYNC'],
	appendLimit: ['APPENDLIMIT'],
	mailboxId: ['OBJECTID'],
};

export const figuresProperty: INodeProperties = {
	displayName: 'Figures',
	name: 'figures',
	type: 'multiOptions',
	options: [
		{
			name: 'Append Limit',
			value: 'appendLimit',
			description: 'Largest message that can be stored, in bytes (needs APPENDLIMIT)',
		},
		{
			name: 'Deleted',
			value: 'deleted',
			description: 'Messages marked as deleted (needs IMAP4rev2)',
		},
		{
			name: 'Highest Mod-Sequence',
			value: 'highestModSeq',
			description: 'Grows with every change (needs CONDSTORE)',
		},
		{ name: 'Mailbox ID', value: 'mailboxId', description: 'Stays when renamed (needs OBJECTID)' },
		{ name: 'Messages', value: 'messages', description: 'Number of messages' },
		{ name: 'Recent', value: 'recent', description: 'Messages that no client has seen yet' },
		{
			name: 'Size',
			value: 'size',
			description: 'All messages together in bytes (needs STATUS=SIZE)',
		},
		{ name: 'UID Next', value: 'uidNext', description: 'The UID that the next message gets' },
		{ name: 'UID Validity', value: 'uidValidity', description: 'Changes when UIDs are given anew' },
		{ name: 'Unread', value: 'unseen', description: 'Messages without the flag \\Seen' },
	],
	default: ['messages', 'unseen', 'uidNext', 'uidValidity'],
	description: 'What to ask the server for (STATUS)',
};

/** @throws UserError if the server can't tell one of them */
export function checkFigures(imap: Imap4, figures: readonly string[]): StatusItem[] {
	if (figures.length === 0) throw new UserError('No figure is chosen in "Figures"');
	for (const figure of figures as StatusItem[]) {
		const needs = NEEDS[figure];
		if (!needs || needs.some((name) => imap.capabilities.has(name))) continue;
		throw new UserError(
			`The server cannot tell the figure "${figure}": it lacks the capability ${needs.join(' or ')}`,
			'Leave this figure out.',
		);
	}
	return figures as StatusItem[];
}

/** Numbers beyond what JSON holds exactly become text. */
export function figuresOf({ mailbox: _mailbox, other, ...figures }: MailboxStatus): IDataObject {
	const json: IDataObject = {};
	for (const [name, value] of Object.entries(figures)) {
		json[name] = typeof value === 'bigint' ? value.toString() : value;
	}
	return other ? { ...json, other } : json;
}
