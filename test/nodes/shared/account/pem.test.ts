import { inject, expect, test } from 'vitest';
import { pem } from '../../../../nodes/shared/account/pem';

const { ca, server } = inject('certificates');

test.each([
	['as it is', (text: string) => text],
	['line ends turned into blanks', (text: string) => text.replace(/\n/g, ' ')],
	['line ends lost', (text: string) => text.replace(/\n(?!-)/g, '').replace(/\n/g, '')],
	['line ends written as \\n', (text: string) => text.replace(/\n/g, '\\n')],
	['line ends of Windows', (text: string) => text.replace(/\n/g, '\r\n')],
])('PEM with %s', (_name, spoil) => {
	const lines = (text: string) => text.split(/\r?\n/).filter((line) => line !== '');
	expect(lines(pem(spoil(ca + server.cert)))).toEqual(lines(ca + server.cert));
	expect(lines(pem(spoil(server.key)))).toEqual(lines(server.key));
});

test('an encrypted key of the old kind keeps its header', () => {
	const key = [
		'-----BEGIN RSA PRIVATE KEY-----',
		'Proc-Type: 4,ENCRYPTED',
		'DEK-Info: AES-128-CBC,00',
		'',
		'AAAA',
		'-----END RSA PRIVATE KEY-----',
		'',
	].join('\n');
	expect(pem(key)).toBe(key);
});

test('other text stays as it is', () => {
	expect(pem('')).toBe('');
	expect(pem('no PEM')).toBe('no PEM');
});
