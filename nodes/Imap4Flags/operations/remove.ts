import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const remove: Operation = {
	name: 'Remove',
	value: 'remove',
	description: 'Take flags from messages and leave their others as they are (STORE -FLAGS)',
	action: 'Remove flags or labels from messages',
	properties: changeProperties,
	execute: (execution) => changeChosenFlags(execution, '-FLAGS', 'removed'),
};
