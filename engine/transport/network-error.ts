import type { PeerCertificate } from 'node:tls';
import { Imap4AbortError } from '../errors';

type NamedCertificate = Pick<PeerCertificate, 'subjectaltname' | 'subject'>;

/** Names of a certificate that are shown; it can hold thousands. */
const MOST_NAMES = 5;

const CERTIFICATE: Record<string, string> = {
	CERT_HAS_EXPIRED: 'has expired',
	CERT_NOT_YET_VALID: 'is not valid yet',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'was issued by an authority that is not trusted here',
	UNABLE_TO_GET_ISSUER_CERT: 'was issued by an authority that is not trusted here',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'was issued by an authority that is not trusted here',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'was issued by an authority that is not trusted here',
	CERT_SIGNATURE_FAILURE: 'has a signature that is not valid',
	CERT_REVOKED: 'was revoked',
	CERT_UNTRUSTED: 'is not trusted',
	CERT_REJECTED: 'was rejected',
	INVALID_CA: 'was issued by a certificate that is not that of an authority',
	INVALID_PURPOSE: 'is not meant for servers',
	HOSTNAME_MISMATCH: 'is for another host',
	ERR_TLS_CERT_ALTNAME_INVALID: 'is for another host',
};

/** What OpenSSL says when the other side does not speak TLS. */
const NOT_TLS =
	/wrong.version.number|packet.length.too.long|unknown.protocol|record.layer.failure/i;

/** Turns an error of `net` or `tls` into ours, in words that say what happened. */
export function networkError(
	error: Error & { code?: string; host?: string; cert?: NamedCertificate },
	host: string,
	port: number,
): Imap4AbortError {
	const code = error.code ?? '';
	const place = `${host}:${port}`;
	const abort = (kind: ConstructorParameters<typeof Imap4AbortError>[0], message: string) =>
		new Imap4AbortError(kind, message, { cause: error });

	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME') {
		return abort('HOST_NOT_FOUND', `The host name ${host} cannot be resolved`);
	}
	if (code === 'ECONNREFUSED') {
		return abort('CONNECTION_REFUSED', `Nothing accepts connections on ${place}`);
	}
	if (CERTIFICATE[code]) {
		const detail = code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? namesOf(error) : '';
		return abort('TLS_CERTIFICATE', `The certificate of ${place} ${CERTIFICATE[code]}${detail}`);
	}
	if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
		if (NOT_TLS.test(error.message)) {
			return abort('TLS_EXPECTED', `${place} does not speak TLS on this port`);
		}
		return abort('TLS_FAILED', `The TLS handshake with ${place} failed: ${error.message}`);
	}
	if (code.startsWith('ERR_TLS') || code.startsWith('ERR_OSSL')) {
		return abort('TLS_FAILED', `TLS with ${place} failed: ${error.message}`);
	}
	if (code === 'ECONNRESET' || code === 'EPIPE') {
		return abort('CONNECTION_LOST', `The connection to ${place} was cut (${code})`);
	}
	return abort('CONNECTION_FAILED', `The connection to ${place} failed: ${error.message}`);
}

/** The names that a certificate is for: the server's own words, so only what a name may hold. */
function namesOf({ cert, host }: { cert?: NamedCertificate; host?: string }): string {
	const { subjectaltname, subject } = cert ?? {};
	const listed = (subjectaltname ?? '').slice(0, 10_000).split(/, ?/);
	const names = listed
		.map((entry) => /^(?:DNS|IP Address):([\w.*:-]{1,253})$/.exec(entry)?.[1])
		.filter((name) => name !== undefined);
	const [common] = [subject?.CN ?? []].flat();
	if (names.length === 0 && common !== undefined && /^[\w.*:-]{1,253}$/.test(common)) {
		names.push(common);
	}
	const more = names.length > MOST_NAMES ? ' and others' : '';
	const shown = names.length === 0 ? '' : ` (${names.slice(0, MOST_NAMES).join(', ')}${more})`;
	return host === undefined ? shown : `${shown}, not for ${host}`;
}
