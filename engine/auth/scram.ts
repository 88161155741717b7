import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Imap4Error } from '../errors';
import type { ChannelBinding } from '../transport/channel-binding';
import type { Mechanism } from './mechanism';
import { prepared } from './prepared';

const derive = promisify(pbkdf2);

/** RFC 7677 §4: fewer make a stolen exchange cheap to try passwords on. */
const MIN_ITERATIONS = 4096;
/** A server could keep us calculating for hours. */
const MAX_ITERATIONS = 1_000_000;

export interface ScramOptions {
	/** Authorization identity. */
	actAs?: string;
	/** Binds the login to the TLS connection; the mechanism's name gets `-PLUS`. */
	binding?: ChannelBinding;
	/** The client could bind, and the server does not offer it: both notice a meddler then (RFC 5802 §6). */
	couldBind?: boolean;
	/** For tests with the RFC's own vectors. */
	nonce?: string;
}

/**
 * SASL SCRAM (RFC 5802, RFC 7677): neither side learns the other's secret, and the server proves
 * itself too.
 * @throws Imap4Error ARGUMENT for a user name or password that cannot be prepared; AUTHENTICATION_FAILED
 * out of the exchange if the server fails to prove itself
 */
export function scram(
	hash: 'SHA-1' | 'SHA-256',
	user: string,
	password: string,
	{
		actAs = '',
		binding,
		couldBind = false,
		nonce = randomBytes(18).toString('base64'),
	}: ScramOptions = {},
): Mechanism {
	const digest = hash.replace('-', '').toLowerCase();
	const hmac = (key: Buffer, text: string): Buffer => createHmac(digest, key).update(text).digest();
	const flag = binding ? `p=${binding.type}` : couldBind ? 'y' : 'n';
	const header = `${flag},${actAs === '' ? '' : `a=${escape(actAs)}`},`;
	const clientFirst = `n=${escape(prepared(user, 'user name'))},r=${nonce}`;
	const secret = prepared(password, 'password');
	let step = 0;
	let expected: Buffer | undefined;

	const final = async (serverFirst: string): Promise<string> => {
		const fields = attributes(serverFirst);
		const serverNonce = fields.get('r') ?? '';
		const count = fields.get('i') ?? '';
		const iterations = /^[0-9]{1,7}$/.test(count) ? Number(count) : NaN;
		const salt = Buffer.from(fields.get('s') ?? '', 'base64');
		if (
			!serverNonce.startsWith(nonce) ||
			serverNonce === nonce ||
			salt.length === 0 ||
			fields.has('m')
		) {
			throw failed('The server answered a SCRAM login with something else');
		}
		if (!(iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS)) {
			throw failed(
				`The server asks for "${count.slice(0, 20)}" SCRAM iterations; this client does ${MIN_ITERATIONS} to ${MAX_ITERATIONS}`,
			);
		}
		const length = createHash(digest).digest().length;
		const salted = await derive(secret, salt, iterations, length, digest);
		const clientKey = hmac(salted, 'Client Key');
		const storedKey = createHash(digest).update(clientKey).digest();
		const bound = Buffer.concat([Buffer.from(header), binding?.data ?? Buffer.alloc(0)]).toString(
			'base64',
		);
		const withoutProof = `c=${bound},r=${serverNonce}`;
		const message = `${clientFirst},${serverFirst},${withoutProof}`;
		const signature = hmac(storedKey, message);
		const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] as number)));
		expected = hmac(hmac(salted, 'Server Key'), message);
		return `${withoutProof},p=${proof.toString('base64')}`;
	};

	const verify = (serverFinal: string): string => {
		const fields = attributes(serverFinal);
		const given = Buffer.from(fields.get('v') ?? '', 'base64');
		if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected)) {
			throw failed(
				fields.has('e')
					? `The login was refused: ${fields.get('e')}`
					: 'The server could not prove that it knows the password: it may be somebody else',
			);
		}
		expected = undefined;
		return '';
	};

	return {
		name: `SCRAM-${hash}${binding ? '-PLUS' : ''}`,
		clientFirst: true,
		steps: 3,
		respond(challenge) {
			step++;
			if (step === 1) return header + clientFirst;
			return step === 2 ? final(challenge.toString()) : verify(challenge.toString());
		},
		confirm() {
			// Without it someone in between could have said OK (RFC 5802 §5).
			if (expected || step < 3)
				throw failed('The server accepted the login without proving that it knows the password');
		},
	};
}

function escape(text: string): string {
	return text.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function attributes(message: string): Map<string, string> {
	return new Map(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
}

function failed(message: string): Imap4Error {
	return new Imap4Error('AUTHENTICATION_FAILED', message, { command: 'AUTHENTICATE' });
}
