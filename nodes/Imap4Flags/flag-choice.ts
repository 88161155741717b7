/** Which flags: system flags from a list, keywords by name (RFC 9051 §2.3.2). */
import type { INodeProperties } from 'n8n-workflow';
import { systemFlagOptions } from '../shared/fields/flag-options';
import { isExpression } from '../shared/fields/is-expression';
import type { Execution } from '../shared/execution/execution';
import { strictText, strictTexts } from '../shared/fields/strict-values';
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
		placeholder: 'e.g. processed, $Forwarded',
		description: 'Custom flags, also called tags or labels, separated by commas or spaces',
	},
];

const FIELDS = ['systemFlags', 'keywords'];

/** In lower case, without the backslash. */
const SYSTEM_NAMES = new Set(
	systemFlagOptions.map(({ value }) => String(value).slice(1).toLowerCase()),
);

/** @throws UserError if a name is no flag, or a system flag stands among the keywords */
export function readFlags(execution: Execution, itemIndex: number): string[] {
	const system = strictTexts(
		execution.parameter<unknown>('systemFlags', itemIndex, []),
		'System Flags',
	);
	const text = strictText(execution.parameter<unknown>('keywords', itemIndex, ''), 'Keywords');
	if (/[\r\n\0]/.test(text)) throw new UserError('The field "Keywords" contains a line break');
	const bare = system.find((flag) => SYSTEM_NAMES.has(flag.toLowerCase()));
	if (bare !== undefined) {
		throw new UserError(
			`"${bare}" in the field "System Flags" would be a keyword: system flags start with a backslash`,
			`Use "\\${bare}", or enter it in "Keywords" if a keyword is meant.`,
		);
	}
	const keywords = text.split(/[\s,]+/).filter((keyword) => keyword !== '');
	const wrong = keywords.find((keyword) => keyword.startsWith('\\'));
	if (wrong !== undefined) {
		throw new UserError(
			`"${wrong}" is not a keyword: names that start with a backslash are system flags`,
			'Select it in "System Flags".',
		);
	}
	const flags = [...new Set([...system, ...keywords])];
	// "Set" would take away every flag.
	if (flags.length === 0 && FIELDS.some((name) => isExpression(execution.context, name))) {
		throw new UserError(
			'No flag is selected: the expressions in "System Flags" and "Keywords" returned nothing',
			'Check the expressions. To remove all flags with "Set", leave both fields empty.',
		);
	}
	return flags;
}
