import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const add: Operation = {
	name: 'Add',
	value: 'add',
	description: 'Add flags to messages and keep their other flags (STORE +FLAGS)',
	action: 'Add flags or labels to messages',
	properties: changeProperties,
	execute: changeChosenFlags('+FLAGS', 'added'),
};
