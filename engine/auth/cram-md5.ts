import { createHmac } from 'node:crypto';
import type { Mechanism } from './mechanism';

/** SASL CRAM-MD5 (RFC 2195): the password itself never crosses the wire. */
export function cramMd5(user: string, password: string): Mechanism {
	return {
		name: 'CRAM-MD5',
		clientFirst: false,
		steps: 1,
		respond: (challenge) =>
			`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`,
	};
}
