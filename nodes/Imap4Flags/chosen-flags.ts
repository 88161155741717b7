/** What Add, Remove and Set have in common: flags that the user chooses, and on what condition they change. */
import type { INodeProperties } from 'n8n-workflow';
import type { StoreAction } from '../../engine/index';
import type { Execution } from '../shared/execution/execution';
import type { Work } from '../shared/execution/operation';
import { safeguardProperties } from '../shared/execution/safeguards';
import { UserError } from '../shared/errors/user-error';
import { changeFlags, type FlagChange } from '../shared/operations/change-flags';
import { acceptGoneProperty } from '../shared/execution/gone-messages';
import { keepInputProperty } from '../shared/execution/keep-input';
import { selectionProperties } from '../shared/message/message-selection';
import { flagProperties, readFlags } from './flag-choice';
import { readUnchangedSince, unchangedSinceProperty } from './unchanged-since';

export const changeProperties: INodeProperties[] = [
	...selectionProperties,
	...flagProperties,
	keepInputProperty,
	acceptGoneProperty,
	...safeguardProperties,
	{
		displayName: 'Return Resulting Flags',
		name: 'returnFlags',
		type: 'boolean',
		default: false,
		description:
			'Whether to return all flags that each message has after the change. This takes longer because the server reports every message.',
	},
	unchangedSinceProperty,
];

/** @throws UserError if no flag is chosen */
function readChange(execution: Execution, item: number, action: StoreAction): FlagChange {
	const flags = readFlags(execution, item);
	if (flags.length === 0 && action !== 'FLAGS') {
		throw new UserError(
			'No flag is selected',
			'Select one in "System Flags" or enter one in "Keywords".',
		);
	}
	return { flags, returnFlags: execution.toggle('returnFlags', 'Return Resulting Flags', item) };
}

/** @param named the output field that names the flags */
export const changeChosenFlags = (action: StoreAction, named: 'added' | 'removed' | 'set'): Work =>
	changeFlags(
		action,
		named,
		(execution, item) => readChange(execution, item, action),
		readUnchangedSince,
	);
