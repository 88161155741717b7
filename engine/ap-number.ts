import { Imap4Error } from './errors';

/**
 * A whole number in letters from A to P, sixteen to the digit, highest first; imaplib's Int2AP,
 * once used for tags. The sign is ignored: 65535 = PPPP, -17 = BB, 0 = ''.
 * @throws Imap4Error ARGUMENT for anything but a whole number
 */
export function intToAp(value: number): string {
	if (!Number.isSafeInteger(value))
		throw new Imap4Error('ARGUMENT', `${value} is not a whole number`);
	let text = '';
	for (let left = Math.abs(value); left > 0; left = Math.floor(left / 16)) {
		text = 'ABCDEFGHIJKLMNOP'.charAt(left % 16) + text;
	}
	return text;
}
