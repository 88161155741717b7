import net from 'node:net';
import tls from 'node:tls';
import { Imap4AbortError, Imap4Error } from '../errors';

/** How a server proves who it is, and we to it. The certificate is verified unless said otherwise. */
export interface TlsOptions {
	/** Certificates (PEM) of the authorities to trust instead of the well-known ones. */
	ca?: string | string[];
	/** Client certificate (PEM) and its key, where the server asks for one. */
	cert?: string;
	/** The client certificate's key (PEM). */
	key?: string;
	/** Decrypts the key, where it is encrypted. */
	passphrase?: string;
	/** The name to ask for (SNI) and to find in the certificate; the host's by default. */
	serverName?: string;
	/** The oldest version to accept; TLSv1.2 by default. */
	minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
	/**
	 * SHA-256 fingerprint, in hexadecimal with or without colons, of the one certificate to accept.
	 * It takes the place of authority and name: this certificate and no other.
	 */
	fingerprint256?: string;
	/** False accepts any certificate, and with it anyone who pretends to be the server. */
	rejectUnauthorized?: boolean;
}

/** @throws Imap4Error ARGUMENT for a certificate or key that cannot be read, or a key of another certificate */
export function checkTlsOptions({
	ca,
	cert,
	key,
	passphrase,
	minVersion,
	fingerprint256,
}: TlsOptions): void {
	// Node skips what is not a certificate, and would then trust no one.
	for (const authority of [ca ?? []].flat()) {
		if (!authority.includes('-----BEGIN '))
			throw new Imap4Error('ARGUMENT', 'The certificate of the authority is not in PEM form');
	}
	if (fingerprint256 && hexadecimal(fingerprint256).length !== 64)
		throw new Imap4Error(
			'ARGUMENT',
			'The fingerprint is not a SHA-256 fingerprint: use 64 hexadecimal digits',
		);
	try {
		tls.createSecureContext({ ca, cert, key, passphrase, minVersion });
	} catch (error) {
		throw new Imap4Error(
			'ARGUMENT',
			`The client certificate, its key or another option of TLS cannot be used: ${(error as Error).message}`,
			{ cause: error },
		);
	}
}

export function nodeTlsOptions(options: TlsOptions, host: string): tls.ConnectionOptions {
	const name = options.serverName || host;
	return {
		checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
		// An IP address is no server name (RFC 6066 §3).
		...(net.isIP(name) ? {} : { servername: name }),
		ca: options.ca,
		cert: options.cert,
		key: options.key,
		passphrase: options.passphrase,
		minVersion: options.minVersion ?? 'TLSv1.2',
		rejectUnauthorized: options.fingerprint256 ? false : (options.rejectUnauthorized ?? true),
	};
}

/** @throws Imap4AbortError TLS_CERTIFICATE if another certificate than the pinned one was shown */
export function checkPin(socket: tls.TLSSocket, options: TlsOptions, host: string): void {
	if (!options.fingerprint256) return;
	const shown = socket.getPeerCertificate().fingerprint256 ?? '';
	if (shown !== '' && hexadecimal(shown) === hexadecimal(options.fingerprint256)) return;
	socket.destroy();
	throw new Imap4AbortError(
		'TLS_CERTIFICATE',
		`The certificate of ${host} is not the pinned one: its SHA-256 fingerprint is ${shown || 'unknown'}`,
	);
}

function hexadecimal(fingerprint: string): string {
	return fingerprint.replace(/[^0-9a-f]/gi, '').toUpperCase();
}
