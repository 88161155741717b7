/** Which flags: system flags from a list, keywords by name (RFC 9051 §2.3.2). */
import type { INodeProperties } from 'n8n-workflow';
import { systemFlagOptions } from '../shared/fields/flag-options';
import type { Execution } from '../shared/execution/execution';
import { UserError } from '../shared/errors/user-error';

export const flagProperties: INodeProperties[] = [
	{
		displayName: 'System Flags',
		name: 'systemFlags',
		type: 'multiOptions',
		options: systemFlagOptions,
		default: [],
	},
	{
		displayName: 'Keywords',
		name: 'keywords',
		type: 'string',
		default: '',
		placeholder: 'processed, $Forwarded',
		description: 'Flags of your own, also called tags or labels, separated by commas or blanks',
	},
];

/** @throws UserError if a name is no flag, or a system flag stands among the keywords */
export function readFlags(execution: Execution, itemIndex: number): string[] {
	const system = execution.parameter<string[]>('systemFlags', itemIndex, []);
	const text = String(execution.parameter<unknown>('keywords', itemIndex, ''));
	if (/[\r\n\0]/.test(text)) throw new UserError('The field "Keywords" holds a line end');
	const keywords = text.split(/[\s,]+/).filter((keyword) => keyword !== '');
	const wrong = keywords.find((keyword) => keyword.startsWith('\\'));
	if (wrong !== undefined) {
		throw new UserError(
			`"${wrong}" is no keyword: names with a backslash are system flags`,
			'Choose it in "System Flags".',
		);
	}
	return [...new Set([...system, ...keywords])];
}
