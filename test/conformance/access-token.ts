import { createHmac } from 'node:crypto';

/** A JSON Web Token (RFC 7519) that says who someone is for an hour, signed with HMAC-SHA-256. */
export function accessToken(user: string, key: string): string {
	const now = Math.floor(Date.now() / 1000);
	const encode = (value: object): string =>
		Buffer.from(JSON.stringify(value)).toString('base64url');
	const claims = { sub: user, iat: now, nbf: now, exp: now + 3600 };
	const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
	return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}
