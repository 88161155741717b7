import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const add: Operation = {
	name: 'Add',
	value: 'add',
	description: 'Set flags of messages and leave their others as they are (STORE +FLAGS)',
	action: 'Add flags or labels to messages',
	properties: changeProperties,
	execute: (execution) => changeChosenFlags(execution, '+FLAGS', 'added'),
};
