import { generate } from 'selfsigned';

/** A certificate and its key, PEM. */
export interface Identity {
	cert: string;
	key: string;
}

/** A certificate authority of the tests' own, and servers' certificates good and bad. */
export interface Certificates {
	/** PEM of the authority. */
	ca: string;
	/** For localhost, 127.0.0.1 and 127.0.0.3, by the authority. */
	server: Identity;
	/** By the authority, but for mail.example. */
	otherHost: Identity;
	/** For localhost, by nobody. */
	selfSigned: Identity;
	/** By the authority for localhost, and out of date. */
	expired: Identity;
	/** A client's, by the authority; its common name is {@link CERTIFIED_USER}. */
	client: Identity;
}

/** Whom the client's certificate is for. */
export const CERTIFIED_USER = 'certified';

const DAY = 24 * 60 * 60_000;
const DNS = 2;
const IP = 7;

interface Wanted {
	name: string;
	/** Made by this authority, else by itself. */
	by?: Identity;
	names?: { type: typeof DNS | typeof IP; value?: string; ip?: string }[];
	/** Days from now on which it ends. */
	days?: number;
}

const LOCAL: Wanted['names'] = [
	{ type: DNS, value: 'localhost' },
	{ type: IP, ip: '127.0.0.1' },
	{ type: IP, ip: '127.0.0.3' },
];

async function identity({ name, by, names, days = 2 }: Wanted): Promise<Identity> {
	const made = await generate([{ name: 'commonName', value: name }], {
		keyType: 'ec',
		algorithm: 'sha256',
		notBeforeDate: new Date(Date.now() - 3 * DAY),
		notAfterDate: new Date(Date.now() + days * DAY),
		extensions: [
			{ name: 'basicConstraints', cA: !names, critical: true },
			...(names ? [{ name: 'subjectAltName' as const, altNames: names }] : []),
		],
		...(by ? { ca: by } : {}),
	});
	return { cert: withLineEnd(made.cert), key: withLineEnd(made.private) };
}

/** As PEM files are: the last line ended too. */
function withLineEnd(text: string): string {
	return `${text.trimEnd()}\n`;
}

/** Makes them anew, so that no key lies in the repository. */
export async function makeCertificates(): Promise<Certificates> {
	const authority = await identity({ name: 'Test authority' });
	const by = authority;
	const [server, otherHost, selfSigned, expired, client] = await Promise.all([
		identity({ name: 'localhost', by, names: LOCAL }),
		identity({ name: 'other', by, names: [{ type: DNS, value: 'mail.example' }] }),
		identity({ name: 'localhost', names: LOCAL }),
		identity({ name: 'localhost', by, names: LOCAL, days: -1 }),
		identity({ name: CERTIFIED_USER, by, names: LOCAL }),
	]);
	return { ca: authority.cert, server, otherHost, selfSigned, expired, client };
}
