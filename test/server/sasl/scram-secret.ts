import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Account } from '../store/account';
import { prepared } from './prepared';

const derive = promisify(pbkdf2);

/** The least that RFC 7677 §4 lets a server ask for. */
export const ITERATIONS = 4096;

export type Digest = 'sha1' | 'sha256';

/** What a server keeps in place of the password (RFC 5802 §2.2). */
export interface ScramSecret {
	salt: Buffer;
	storedKey: Buffer;
	serverKey: Buffer;
}

const known = new WeakMap<Account, Map<Digest, Promise<ScramSecret>>>();

/** Computed with the first login; the same in all later ones. */
export function scramSecret(account: Account, digest: Digest): Promise<ScramSecret> {
	const secrets = known.get(account) ?? new Map<Digest, Promise<ScramSecret>>();
	known.set(account, secrets);
	const secret = secrets.get(digest) ?? compute(account.password, digest, randomBytes(16));
	secrets.set(digest, secret);
	return secret;
}

/** Names nobody has get a salt too, each its own, so that a client cannot find out who exists. */
export function fakeSecret(user: string, digest: Digest): ScramSecret {
	const salt = createHmac('sha256', FAKE).update(user).digest().subarray(0, 16);
	const length = createHash(digest).digest().length;
	return { salt, storedKey: randomBytes(length), serverKey: randomBytes(length) };
}

const FAKE = randomBytes(16);

async function compute(password: string, digest: Digest, salt: Buffer): Promise<ScramSecret> {
	const length = createHash(digest).digest().length;
	const salted = await derive(prepared(password), salt, ITERATIONS, length, digest);
	const key = (name: string): Buffer => createHmac(digest, salted).update(name).digest();
	const storedKey = createHash(digest).update(key('Client Key')).digest();
	return { salt, storedKey, serverKey: key('Server Key') };
}
