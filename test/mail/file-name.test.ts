import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Address, SinglePartStructure } from '../../engine/index';
import { envelopeAddresses } from '../../mail/address/envelope-addresses';
import { formatAddresses } from '../../mail/address/format-addresses';
import { fileName, givenFileName, safeFileName } from '../../mail/file-name';

const part = (more: Partial<SinglePartStructure>): SinglePartStructure => ({
	part: '2',
	type: 'application',
	subtype: 'pdf',
	parameters: {},
	disposition: null,
	language: [],
	location: null,
	id: null,
	description: null,
	encoding: 'base64',
	size: 1,
	md5: null,
	...more,
});
const named = (parameters: Record<string, string>) =>
	part({ disposition: { type: 'attachment', parameters } });

test.each([
	[{ filename: 'a.pdf' }, 'a.pdf'],
	[{ filename: '=?utf-8?b?w6Q=?=.pdf' }, 'ä.pdf'],
	[{ 'filename*': "utf-8''%C3%A4%20b.pdf" }, 'ä b.pdf'],
	[{ 'filename*0*': "utf-8''%C3%A4", 'filename*1': 'b.pdf' }, 'äb.pdf'],
	[{ filename: 'quote"d; x=y.pdf' }, 'quote"d; x=y.pdf'],
	[{ filename: '../../etc/passwd' }, 'passwd'],
	[{ filename: 'C:\\Windows\\a.pdf' }, 'a.pdf'],
	[{ filename: 'a\r\nb.pdf' }, 'ab.pdf'],
	[{ filename: 'U\u0308bersicht.pdf' }, 'Übersicht.pdf'],
	[{ filename: '..' }, undefined],
	[{ filename: '' }, undefined],
	[{}, undefined],
])('the file name of %j is %j', (parameters, name) => {
	expect(givenFileName(named(parameters as Record<string, string>))).toBe(name);
});

test('without a name one is made', () => {
	expect(fileName(part({ parameters: { name: 'old.pdf' } }))).toBe('old.pdf');
	expect(fileName(part({}))).toBe('part-2.pdf');
	expect(fileName(part({ type: 'message', subtype: 'rfc822' }))).toBe('part-2.eml');
	expect(fileName(part({ type: '', subtype: '' }))).toBe('part-2.bin');
});

test('no name leads out of a folder, whatever it is', () => {
	const bad = fc.string({
		unit: fc.constantFrom('.', '/', '\\', '\0', '\n', 'a', '%2F', '"', "''", '=?'),
	});
	fc.assert(
		fc.property(bad, fc.constantFrom('filename', 'filename*', 'filename*0*'), (text, key) => {
			const name = fileName(named({ [key]: text }));
			return !/[/\\\0\n]/.test(name) && name !== '..' && name !== '.' && name !== '';
		}),
	);
});

test('addresses, with groups and encoded names', () => {
	const address = (
		name: string | null,
		mailbox: string | null,
		host: string | null,
		group: string | null,
	): Address => {
		const written = mailbox === null ? '' : `${mailbox}@${host}`;
		return { name, route: null, mailbox, host, group, address: written };
	};
	expect(
		formatAddresses(
			envelopeAddresses([
				address('=?utf-8?q?=C3=84nne?=', 'a', 'example.com', null),
				address(null, 'b', 'example.com', 'Team'),
				address(null, null, null, 'undisclosed-recipients'),
			]),
		),
	).toBe('Änne <a@example.com>, Team: b@example.com;, undisclosed-recipients:;');
});

test('keeps the extension and the beginning of a name of any length', () => {
	const name = safeFileName(`invoice ${'x'.repeat(1_000_000)}.pdf`);
	expect(name).toMatch(/^invoice x+\.pdf$/);
	expect(Buffer.byteLength(name ?? '')).toBe(255);
	expect(safeFileName(`${'x'.repeat(5000)}/b.pdf`)).toBe('b.pdf');
	expect(safeFileName(`/${'x'.repeat(5000)}`)).toMatch(/^x{255}$/);
});

test('Japanese in seven bits is a name', () => {
	expect(givenFileName(named({ filename: '\x1b$BF|\x1b(B.pdf' }))).toBe('日.pdf');
	expect(givenFileName(named({ filename: 'a\x1b[31m.pdf' }))).toBe('a[31m.pdf');
});

test('a piece of a name that has no number is none', () => {
	expect(givenFileName(named({ 'filename*-1': 'x.pdf', filename: 'y.pdf' }))).toBe('y.pdf');
});

test.each([
	['vcard', 'vcf'],
	['rtf', 'rtf'],
	['csv', 'csv'],
])('a nameless text/%s ends in .%s', (subtype, extension) => {
	expect(fileName(part({ type: 'text', subtype }))).toBe(`part-2.${extension}`);
});
