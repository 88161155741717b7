/** Gmail's labels as people write them, and as Gmail's extension names them (X-GM-EXT-1). */
import type { INodeProperties } from 'n8n-workflow';
import type { Execution } from '../shared/execution/execution';
import { strictText, strictTexts } from '../shared/fields/strict-values';
import { UserError } from '../shared/errors/user-error';

const hint = 'Separate several labels with commas, and levels with /';

export const labelProperties: INodeProperties[] = [
	{
		displayName: 'Add Labels',
		name: 'addLabels',
		type: 'string',
		default: '',
		placeholder: 'e.g. Invoices/2026, Important',
		hint,
		description: 'Labels to add; Gmail creates those that do not exist. A list is possible too.',
	},
	{
		displayName: 'Remove Labels',
		name: 'removeLabels',
		type: 'string',
		default: '',
		placeholder: 'e.g. Inbox',
		hint,
		description: 'Labels to remove. Removing Inbox archives a message.',
	},
];

/** Labels of Gmail's own that a user may add and remove; other labels cannot have these names. */
const SYSTEM = ['\\Inbox', '\\Starred', '\\Important', '\\Draft', '\\Sent'];

export interface LabelChange {
	added: string[];
	removed: string[];
}

/** @throws UserError if there is nothing to change */
export function readLabelChange(execution: Execution, item: number): LabelChange {
	const added = readLabels(execution, item, 'addLabels', 'Add Labels');
	const removed = readLabels(execution, item, 'removeLabels', 'Remove Labels');
	if (added.length + removed.length === 0) {
		throw new UserError(
			'No label is named',
			'Fill in "Add Labels" or "Remove Labels". If it is an expression, check what it returns.',
		);
	}
	const both = added.find((label) => removed.includes(label));
	if (both === undefined) return { added, removed };
	throw new UserError(
		`The label "${both}" is to be added and removed`,
		'Remove it from one field.',
	);
}

function readLabels(execution: Execution, item: number, name: string, label: string): string[] {
	const given = execution.parameter<unknown>(name, item, '');
	const texts = Array.isArray(given)
		? strictTexts(given, label)
		: strictText(given, label).split(',');
	const labels = texts.map((text) => text.trim()).filter((text) => text !== '');
	if (labels.some((text) => /[\r\n\0]/.test(text))) {
		throw new UserError(`The field "${label}" contains a line break`);
	}
	return [...new Set(labels.map(asGmailNames))];
}

function asGmailNames(label: string): string {
	const wanted = label.replace(/^\\/, '').toLowerCase();
	return SYSTEM.find((one) => one.slice(1).toLowerCase() === wanted) ?? label;
}
