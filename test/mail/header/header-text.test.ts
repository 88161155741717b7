/** Text beyond ASCII that is read as bytes again: characters of Latin-1 can look like UTF-8 in a row. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress } from '../../../mail/address/format-addresses';
import { parseAddresses } from '../../../mail/address/parse-addresses';
import { headerText, utf8Bytes } from '../../../mail/header/header-text';

test.each(['Strauß® GmbH', 'CAFÉ\u00a0Bar', 'É»', '«CAFÉ»', 'Ü° und ß´'])(
	'%j in a value that the engine read as UTF-8',
	(text) => {
		expect(headerText(text)).toBe(text);
	},
);

test('a name with any characters of Latin-1, as people type it', () => {
	const letter = fc.constantFrom(...'aBÉÜßÀà»®°´«é \u00a0'.split(''));
	const names = fc.array(letter, { minLength: 1 }).map((letters) => letters.join('').trim());
	fc.assert(
		fc.property(names, (name) => {
			fc.pre(name !== '');
			const one = { name: name.replace(/\s+/g, ' '), address: 'a@example.com' };
			expect(parseAddresses(utf8Bytes(formatAddress(one)))).toEqual([one]);
		}),
		{ numRuns: 500 },
	);
});

test('bytes that are not UTF-8 stay distinct', () => {
	const cut = Buffer.from('Größe und Ä').subarray(0, -1).toString('latin1');
	expect(headerText(cut)).toBe('Größe und \ufffd');
	expect(headerText(Buffer.from('é und Ä').subarray(0, -1).toString('latin1'))).toBe(
		'é und \ufffd',
	);
	expect(headerText('Gr\xf6\xdfe')).toBe('Größe');
});
