import { expect, test } from 'vitest';
import { readUidSet } from '../../../../nodes/shared/message/uid-set';

test.each<[unknown, string]>([
	[' 1 , 2 ', '1:2'],
	['1 : 3', '1:3'],
	[[1, 2, 7], '1:2,7'],
	[7, '7'],
])('the UIDs of %j', (value, set) => {
	expect(readUidSet(value, 'UIDs').toString()).toBe(set);
});

test.each(['1 2', '1\n2', '1,2 3', '1: 2 3', 'x', '0', '1,,2', { uid: 1 }, true])(
	'%j names no UIDs, least of all others',
	(value) => {
		expect(() => readUidSet(value, 'UIDs')).toThrow('is not a valid UID set');
	},
);
