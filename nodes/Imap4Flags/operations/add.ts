import type { Operation } from '../../shared/execution/operation';
import { changeFlags, changeProperties } from '../change-flags';

export const add: Operation = {
	name: 'Add',
	value: 'add',
	description: 'Set flags of messages and leave their others as they are (STORE +FLAGS)',
	action: 'Add flags',
	properties: changeProperties,
	execute: (execution) => changeFlags(execution, '+FLAGS', 'added'),
};
