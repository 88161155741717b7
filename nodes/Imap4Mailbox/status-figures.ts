/** The figures of STATUS (RFC 9051 §6.3.11): which to ask for, and how they are put out. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Imap4, MailboxStatus, StatusItem } from '../../engine/index';
import { UserError } from '../shared/errors/user-error';
import type { Execution } from '../shared/execution/execution';
import { strictChoices } from '../shared/fields/strict-values';

/** The capability that a figure needs, any one of them. */
const NEEDS: Partial<Record<StatusItem, readonly string[]>> = {
	deleted: ['STATUS=DELETED', 'IMAP4rev2'],
	size: ['STATUS=SIZE'],
	highestModSeq: ['CONDSTORE', 'QRESYNC'],
	appendLimit: ['APPENDLIMIT'],
	mailboxId: ['OBJECTID'],
};

export const figuresProperty: INodeProperties = {
	displayName: 'Status Items',
	name: 'figures',
	type: 'multiOptions',
	options: [
		{
			name: 'Append Limit',
			value: 'appendLimit',
			description: 'Largest message that can be stored, in bytes; requires APPENDLIMIT',
		},
		{
			name: 'Deleted',
			value: 'deleted',
			description: 'Messages marked as deleted; requires IMAP4rev2',
		},
		{
			name: 'Highest Mod-Sequence',
			value: 'highestModSeq',
			description: 'Increases with every change; requires CONDSTORE',
		},
		{
			name: 'Mailbox ID',
			value: 'mailboxId',
			description: 'Stays the same when the mailbox is renamed; requires OBJECTID',
		},
		{ name: 'Messages', value: 'messages', description: 'Number of messages' },
		{
			name: 'Recent',
			value: 'recent',
			description: 'Messages that no mail client has been notified of yet',
		},
		{
			name: 'Size',
			value: 'size',
			description: 'Total size of all messages in bytes; requires STATUS=SIZE',
		},
		{ name: 'UID Next', value: 'uidNext', description: 'The UID of the next message' },
		{
			name: 'UID Validity',
			value: 'uidValidity',
			description: 'Changes when the server assigns new UIDs',
		},
		{ name: 'Unread', value: 'unseen', description: 'Messages without the flag \\Seen' },
	],
	default: ['messages', 'unseen', 'uidNext', 'uidValidity'],
	description: 'Which status items to return (STATUS)',
};

const FIGURES = figuresProperty.options?.flatMap((option) =>
	'value' in option ? [option.value as StatusItem] : [],
) as StatusItem[];

/** @throws UserError if there is none, or something else among them */
export function readFigures(execution: Execution, item: number): StatusItem[] {
	const given = execution.parameter<unknown>('figures', item, []);
	const figures = strictChoices(given, 'Status Items', FIGURES);
	if (figures.length > 0) return figures;
	throw new UserError(
		'No item is selected in "Status Items"',
		'Select one. If the field is an expression, check what it returns.',
	);
}

/** @throws UserError if the server can't tell one of them */
export function checkFigures(imap: Imap4, figures: readonly StatusItem[]): void {
	for (const figure of figures) {
		const needs = NEEDS[figure];
		if (!needs || needs.some((name) => imap.capabilities.has(name))) continue;
		throw new UserError(
			`The server cannot return the status item "${figure}": it doesn't support ${needs.join(' or ')}`,
			'Remove it from "Status Items".',
		);
	}
}

/** Numbers beyond what JSON holds exactly become text. */
export function figuresOf({ mailbox: _mailbox, other, ...figures }: MailboxStatus): IDataObject {
	const json: IDataObject = {};
	for (const [name, value] of Object.entries(figures)) {
		json[name] = typeof value === 'bigint' ? value.toString() : value;
	}
	return other ? { ...json, other } : json;
}
