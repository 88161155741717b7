import { Imap4Error } from '../errors';

/**
 * A mod-sequence as commands take it (RFC 7162 §7 `mod-sequence-valzer`).
 * @throws Imap4Error ARGUMENT for anything but a whole number from 0 to 2^63-1
 */
export function modSequence(value: bigint): string {
	const digits = String(value);
	if (!/^\d{1,19}$/.test(digits) || BigInt(digits) >= 2n ** 63n)
		throw new Imap4Error('ARGUMENT', `"${digits.slice(0, 40)}" is not a mod-sequence`);
	return digits;
}
