/** What to do about a certificate, by what is wrong with it (Node's and OpenSSL's codes). */

const CLOCK = 'Check that the clock of the n8n instance is correct.';
const OWN_AUTHORITY =
	'If this is your own server, turn on "TLS Options" in the credential and enter this certificate as "Certificate Authority (PEM)", or its SHA-256 fingerprint as "Pinned SHA-256 Fingerprint". Otherwise someone may be impersonating the server.';

export const CERTIFICATE_ADVICE: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: `The server's operator must renew it. ${CLOCK}`,
	CERT_NOT_YET_VALID: `${CLOCK} Otherwise the server's operator must install a valid one.`,
	CERT_REVOKED: "Do not connect. The server's operator must install a new one.",
	DEPTH_ZERO_SELF_SIGNED_CERT: OWN_AUTHORITY,
	ERR_TLS_CERT_ALTNAME_INVALID:
		'Enter the host in the credential as one of the names in the certificate. If you must connect by another name or an IP address, enter the name of the certificate as "Server Name" (turn on "TLS Options").',
};
