import { expect, test } from 'vitest';
import { strictWholeNumber } from '../../../../nodes/shared/fields/strict-values';

test.each([Infinity, -Infinity])(
	'an error names the number %d, which JSON has no word for',
	(value) => {
		expect(() => strictWholeNumber(value, 'Limit')).toThrow(`it is ${value}`);
	},
);
