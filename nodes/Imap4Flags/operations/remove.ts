import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const remove: Operation = {
	name: 'Remove',
	value: 'remove',
	description: 'Remove flags from messages and keep their other flags (STORE -FLAGS)',
	forModel:
		'Use it to remove stars or keywords from messages. Returns the messages. Never removes other flags, and never moves or deletes a message.',
	action: 'Remove flags or labels from messages',
	properties: changeProperties,
	execute: changeChosenFlags('-FLAGS', 'removed'),
};
