import type { Operation } from '../../shared/execution/operation';
import { changeFlags, changeProperties } from '../change-flags';

export const remove: Operation = {
	name: 'Remove',
	value: 'remove',
	description: 'Take flags from messages and leave their others as they are (STORE -FLAGS)',
	action: 'Remove flags',
	properties: changeProperties,
	execute: (execution) => changeFlags(execution, '-FLAGS', 'removed'),
};
