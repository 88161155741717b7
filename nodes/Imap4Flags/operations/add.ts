import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const add: Operation = {
	name: 'Add',
	value: 'add',
	description: 'Add flags to messages and keep their other flags (STORE +FLAGS)',
	forModel:
		'Use it to star messages or to mark them with keywords. Returns the messages. Never removes a flag, and never moves or deletes a message.',
	action: 'Add flags or labels to messages',
	properties: changeProperties,
	execute: changeChosenFlags('+FLAGS', 'added'),
};
