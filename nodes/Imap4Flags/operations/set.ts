import type { Operation } from '../../shared/execution/operation';
import { changeChosenFlags, changeProperties } from '../chosen-flags';

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Replace all flags of messages with these (STORE FLAGS)',
	action: 'Replace the flags of messages',
	properties: changeProperties,
	execute: changeChosenFlags('FLAGS', 'set'),
};
