import { Imap4Error } from '../errors';
import type { Mechanism } from './mechanism';

/**
 * XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628): an access token in place of a
 * password. A refusal comes as a challenge with the reason in JSON, which must be answered before
 * the server says NO.
 */
export function oauth(
	name: 'XOAUTH2' | 'OAUTHBEARER',
	user: string,
	accessToken: string,
	address: { host: string; port: number },
): Mechanism {
	// eslint-disable-next-line no-control-regex -- \x01 separates the fields (RFC 7628 §3.1)
	if (/[\0\x01\r\n]/.test(user + accessToken)) {
		throw new Imap4Error('ARGUMENT', 'A user name or token cannot contain control characters');
	}
	let asked = false;
	const first =
		name === 'XOAUTH2'
			? `user=${user}\x01auth=Bearer ${accessToken}\x01\x01`
			: `n,a=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},\x01host=${address.host}\x01port=${address.port}\x01auth=Bearer ${accessToken}\x01\x01`;
	return {
		name,
		clientFirst: true,
		steps: 1,
		refusesByChallenge: true,
		respond() {
			if (!asked) {
				asked = true;
				return first;
			}
			return name === 'XOAUTH2' ? '' : '\x01';
		},
	};
}
