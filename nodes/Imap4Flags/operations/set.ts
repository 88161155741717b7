import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Replace all flags of messages with these (STORE FLAGS)',
	forModel:
		'Use it only where all flags of a message are known, because it removes those that are not given. Returns the messages. Never moves or deletes a message.',
	action: 'Replace the flags of messages',
	properties: changeProperties,
	execute: changeChosenFlags('FLAGS', 'set'),
};
