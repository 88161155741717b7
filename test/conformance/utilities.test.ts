import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intToAp, parseFlags } from '../../engine/index';
import { message } from './messages';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	test('parseFlags() finds the flags in a line of the server [parity: ParseFlags]', async () => {
		const { imap } = await bench.inbox([message()]);
		await imap.store('1', 'FLAGS', ['\\Answered', 'my-keyword'], { silent: true });
		const { lines } = await imap.xatom('FETCH', '1', ['UID', 'FLAGS']);
		const flags = parseFlags(lines.map(String).join('\r\n'));
		expect(flags.filter((flag) => flag !== '\\Recent').sort()).toEqual([
			'\\Answered',
			'my-keyword',
		]);
	});
});

describe('without a server', () => {
	test('intToAp() writes a number in the digits A to P, without its sign [parity: Int2AP]', () => {
		fc.assert(
			fc.property(fc.integer(), (number) => {
				const digits = [...intToAp(number)].map((one) =>
					'ABCDEFGHIJKLMNOP'.indexOf(one).toString(16),
				);
				expect(parseInt(digits.join('') || '0', 16)).toBe(Math.abs(number));
			}),
		);
		expect([65_535, 0, -17].map(intToAp)).toEqual(['PPPP', '', 'BB']);
	});
});
