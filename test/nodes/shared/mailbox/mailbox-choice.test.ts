/** Mailboxes that expressions name. */
import { expect, test } from 'vitest';
import { mailboxChoice } from '../../../../nodes/shared/mailbox/mailbox-choice';

test.each(['path', 'list'])(
	'a number names a mailbox, such as one for a year (mode %s)',
	(mode) => {
		expect(mailboxChoice(mode, 2026, 'Mailbox', true)).toEqual(
			mailboxChoice(mode, '2026', 'Mailbox', true),
		);
	},
);

test.each([[['Archive']], [{ a: 1 }], [true]])(
	'%j is refused for what it is, not as empty',
	(value) => {
		expect(() => mailboxChoice('path', value, 'Mailbox', true)).toThrow(
			`The field "Mailbox" must be the path of a mailbox; it is ${JSON.stringify(value)}`,
		);
	},
);

test.each([undefined, null, '', ' ', NaN, [], {}])('%j is empty', (value) => {
	expect(() => mailboxChoice('path', value, 'Mailbox', true)).toThrow(
		'The field "Mailbox" is empty',
	);
});
