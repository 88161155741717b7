import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BadSyntax } from '../command-reader';
import { channelBinding } from './channel-binding';
import type { Exchange, Mechanism } from './mechanism';
import { failed } from './mechanism';
import type { Digest } from './scram-secret';
import { ITERATIONS, fakeSecret, scramSecret } from './scram-secret';

/** What the client said first, with whatever the signature will cover (RFC 5802 §7). */
interface ClientFirst {
	/** `n,a=user,`: channel binding flag and authorization identity. */
	header: string;
	flag: string;
	actAs: string;
	bare: string;
	user: string;
	nonce: string;
}

/**
 * SCRAM (RFC 5802, RFC 7677): neither side shows the other the password, and the server proves
 * itself too.
 * @param plus the `-PLUS` form, which binds the login to the TLS connection
 * @param plusOffered whether the `-PLUS` form is on offer too
 */
export function scram(
	digest: Digest,
	plus: boolean,
	plusOffered: (exchange: Exchange) => boolean,
): Mechanism {
	return {
		showsSecret: false,
		...(plus ? { possible: (_settings, wire) => wire.tls !== undefined } : {}),
		async run(exchange) {
			const client = readFirst((await exchange.first()).toString('utf8'));
			const binding = bound(client, exchange, plus, plusOffered(exchange));
			const account = exchange.settings.find(client.user);
			const secret = account ? await scramSecret(account, digest) : fakeSecret(client.user, digest);
			const nonce = client.nonce + randomBytes(18).toString('base64');
			const serverFirst = `r=${nonce},s=${secret.salt.toString('base64')},i=${ITERATIONS}`;
			const final = (await exchange.ask(serverFirst)).toString('utf8');

			const withoutProof = final.slice(0, Math.max(final.lastIndexOf(',p='), 0));
			const fields = attributes(final);
			const expected = Buffer.concat([Buffer.from(client.header), binding]).toString('base64');
			if (fields.get('c') !== expected || fields.get('r') !== nonce) throw failed();
			const signed = `${client.bare},${serverFirst},${withoutProof}`;
			const signature = createHmac(digest, secret.storedKey).update(signed).digest();
			const proof = Buffer.from(fields.get('p') ?? '', 'base64');
			if (proof.length !== signature.length) throw failed();
			const clientKey = Buffer.from(proof.map((byte, at) => byte ^ (signature[at] as number)));
			const storedKey = createHash(digest).update(clientKey).digest();
			if (!account || !timingSafeEqual(storedKey, secret.storedKey)) throw failed();

			const verifier = createHmac(digest, secret.serverKey).update(signed).digest('base64');
			if ((await exchange.ask(`v=${verifier}`)).length > 0)
				throw new BadSyntax('expected an empty response');
			return { user: client.user, actAs: client.actAs };
		},
	};
}

function readFirst(text: string): ClientFirst {
	const match =
		/^((n|y|p=[A-Za-z0-9.-]+),(?:a=([^,]*))?,)(n=([^,]*),r=([\x21-\x2b\x2d-\x7e]+))/.exec(text);
	// Behind the nonce may be extensions, which are signed and else passed over (RFC 5802 §5.1).
	const more = match ? text.slice(match[0].length) : '';
	if (!match || (more !== '' && !more.startsWith(',')))
		throw new BadSyntax('invalid client-first-message');
	const [, header, flag, actAs = '', bare, user, nonce] = match as unknown as string[];
	return {
		header: header as string,
		flag: flag as string,
		actAs: unescape(actAs),
		bare: (bare as string) + more,
		user: unescape(user as string),
		nonce: nonce as string,
	};
}

/** @returns what the client must have put behind the header (RFC 5802 §6) */
function bound(
	{ flag }: ClientFirst,
	{ tls }: Exchange,
	plus: boolean,
	plusOffered: boolean,
): Buffer {
	if (!plus) {
		// "y": the client could bind and was not offered to; if it was, somebody has meddled.
		if (flag.startsWith('p=') || (flag === 'y' && plusOffered)) throw failed();
		return Buffer.alloc(0);
	}
	const binding = tls && flag.startsWith('p=') ? channelBinding(tls, flag.slice(2)) : undefined;
	if (!binding) throw failed();
	return binding;
}

function attributes(message: string): Map<string, string> {
	return new Map(message.split(',').map((field) => [field.slice(0, 1), field.slice(2)]));
}

/** `=2C` is a comma and `=3D` an equals sign; no other escapes are known (RFC 5802 §5.1). */
function unescape(name: string): string {
	if (/=(?!2C|3D)/.test(name)) throw new BadSyntax('invalid escape in a user name');
	return name.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
