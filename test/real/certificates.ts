import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

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
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** Makes them with the `openssl` command, which comes with Dovecot. */
export async function makeCertificates(): Promise<Certificates> {
	const folder = await mkdtemp(join(tmpdir(), 'imap4-certificates-'));
	const at = (name: string): string => join(folder, name);
	const identity = async (name: string, subject: string, ...more: string[]): Promise<Identity> => {
		const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
		await run('openssl', ['req', '-x509', ...EC, '-subj', subject, ...files, ...more]);
		const read = (end: string): Promise<string> => readFile(at(`${name}.${end}`), 'utf8');
		return { cert: await read('pem'), key: await read('key') };
	};
	const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key')];
	const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext'];
	const local = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:127.0.0.3';
	try {
		// An empty configuration: the system's could add extensions of its own.
		await writeFile(at('openssl.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n');
		const config = ['-config', at('openssl.cnf')];
		const usage = ['-addext', 'basicConstraints=critical,CA:TRUE'];
		const { cert: ca } = await identity('ca', '/CN=Test authority', ...config, ...usage);
		const [server, otherHost, selfSigned] = await Promise.all([
			identity('server', '/CN=localhost', ...config, ...signed, ...leaf, local),
			identity(
				'other',
				'/CN=other',
				...config,
				...signed,
				...leaf,
				'subjectAltName=DNS:mail.example',
			),
			identity('self', '/CN=localhost', ...config, ...leaf, local),
		]);
		return { ca, server, otherHost, selfSigned };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
