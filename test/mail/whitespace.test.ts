/**
 * A field is held as bytes, one character each. The byte A0, with which "à", "Р" and "頠" end in UTF-8 and a
 * hundred characters in GBK, is not whitespace there, wherever it stands.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddresses } from '../../mail/address/parse-addresses';
import { answeredMessage } from '../../mail/compose/answered-message';
import { parameterText } from '../../mail/file-name';
import { referencesOf, summaryOfHeader } from '../../mail/header/header-summary';
import { headerFields, utf8Bytes } from '../../mail/header/header-text';
import { parseParameters } from '../../mail/header/parameters';
import { RawHeader } from '../../mail/header/raw-header';
import { unsubscribe } from '../../mail/header/unsubscribe';

const word = fc
	.array(fc.constantFrom('à', 'Р', '頠', 'a', 'B', 'é', '7'), { minLength: 1, maxLength: 5 })
	.map((letters) => letters.join(''));
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));

const header = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);

const holds = (property: fc.IProperty<[string]> | fc.IProperty<[string, string]>): void =>
	fc.assert(property as fc.IProperty<[string]>, { numRuns: 300 });

describe('bytes that end in A0 stay whole', () => {
	test('in a subject, folded or not', () => {
		holds(
			fc.property(words, words, (one, other) => {
				const { subject } = summaryOfHeader(new RawHeader(header(`Subject: ${one} \r\n ${other}`)));
				expect(subject).toBe(`${one} ${other}`);
			}),
		);
	});

	test('in any other field', () => {
		holds(
			fc.property(words, (text) => {
				expect(headerFields(header(`X-Note:${text}`))).toEqual({ 'x-note': text });
			}),
		);
	});

	test.each([
		['before the address', (name: string) => `${name}<anna@example.com>`],
		['in quotes', (name: string) => `"${name}" <anna@example.com>`],
		['in a comment', (name: string) => `anna@example.com (${name})`],
		['before an address without brackets', (name: string) => `${name} anna@example.com`],
	])('in a name %s', (_where, written) => {
		holds(
			fc.property(words, (name) => {
				expect(parseAddresses(utf8Bytes(written(name)))).toEqual([
					{ name, address: 'anna@example.com' },
				]);
			}),
		);
	});

	test('in a surname before a comma, and in the name of a group', () => {
		holds(
			fc.property(word, word, (surname, name) => {
				expect(parseAddresses(utf8Bytes(`X${surname}, ${name} <anna@example.com>`))).toEqual([
					{ name: `X${surname}, ${name}`, address: 'anna@example.com' },
				]);
				expect(parseAddresses(utf8Bytes(`${surname}: ${name} <anna@example.com>;`))).toEqual([
					{ name, address: 'anna@example.com', group: surname },
				]);
			}),
		);
	});

	test('in an address', () => {
		holds(
			fc.property(word, word, (mailbox, host) => {
				const address = `${mailbox}@${host}`;
				for (const written of [`<${address}>`, address, `< ${address} >`])
					expect(parseAddresses(utf8Bytes(written))).toEqual([{ name: '', address }]);
				expect(parseAddresses(utf8Bytes(`${address} anna@example.com`))).toEqual([
					{ name: '', address },
					{ name: '', address: 'anna@example.com' },
				]);
			}),
		);
	});

	test('in a file name, with quotes and without', () => {
		holds(
			fc.property(words, (name) => {
				for (const written of [`"${name}.${name}"`, `${name}.${name} `]) {
					const { parameters } = parseParameters(utf8Bytes(`attachment; filename=${written}`));
					expect(parameterText(parameters, 'filename')).toBe(`${name}.${name}`);
				}
			}),
		);
	});

	test('before brackets that belong to a file name', () => {
		const { parameters } = parseParameters(utf8Bytes('attachment; filename=voilà(1).pdf'));
		expect(parameterText(parameters, 'filename')).toBe('voilà(1).pdf');
	});

	test('in Message-IDs', () => {
		holds(
			fc.property(word, word, (one, other) => {
				const [id, before] = [`<${one}@${other}>`, `<${other}@${one}>`];
				const all = header(
					`Message-ID: ${id}`,
					`In-Reply-To: ${before}`,
					`References: ${before} ${id}`,
				);
				expect(summaryOfHeader(new RawHeader(all))).toMatchObject({
					messageId: id,
					inReplyTo: before,
				});
				expect(referencesOf(new RawHeader(all))).toEqual([before, id]);
				expect(answeredMessage(all)).toMatchObject({ messageId: id, references: [before, id] });
			}),
		);
	});

	test('in a link to unsubscribe', () => {
		holds(
			fc.property(word, (path) => {
				const url = `https://example.com/${path}`;
				for (const written of [`<${url}>`, url])
					expect(unsubscribe(header(`List-Unsubscribe: ${written}`))?.url).toBe(url);
			}),
		);
	});

	test('in GBK, where the text of the message says so', () => {
		const bytes = Buffer.from([0x81, 0xa0]);
		const raw = Buffer.concat([Buffer.from('Subject: '), bytes, Buffer.from('\r\n\r\n')]);
		expect(summaryOfHeader(new RawHeader(raw), ['gbk']).subject).toBe('仩');
	});
});
