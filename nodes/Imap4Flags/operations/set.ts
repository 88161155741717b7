import type { Operation } from '../../shared/execution/operation';
import { changeFlags, changeProperties } from '../change-flags';

export const set: Operation = {
	name: 'Set',
	value: 'set',
	description: 'Give messages these flags and no others (STORE FLAGS)',
	action: 'Set flags',
	properties: changeProperties,
	execute: (execution) => changeFlags(execution, 'FLAGS', 'set'),
};
