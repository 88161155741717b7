import { X509Certificate, createHash } from 'node:crypto';
import type tls from 'node:tls';

/** Of signature algorithms, what is in them a hash (RFC 5280 §4.1.1.2): DER of the identifier. */
const HASHES: Record<string, string> = {
	// MD5 and SHA-1 are replaced by SHA-256 (RFC 5929 §4.1).
	'2a864886f70d010104': 'sha256',
	'2a864886f70d010105': 'sha256',
	'2a8648ce3d0401': 'sha256',
	'2a864886f70d01010b': 'sha256',
	'2a8648ce3d040302': 'sha256',
	'2a864886f70d01010c': 'sha384',
	'2a8648ce3d040303': 'sha384',
	'2a864886f70d01010d': 'sha512',
	'2a8648ce3d040304': 'sha512',
};

/**
 * What ties a login to this TLS connection: `tls-exporter` (RFC 9266), `tls-server-end-point` or,
 * before TLS 1.3, `tls-unique` (RFC 5929).
 * @returns undefined for a type that is not known, or not defined for this connection
 */
export function channelBinding(socket: tls.TLSSocket, type: string): Buffer | undefined {
	if (type === 'tls-exporter')
		return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
	if (type === 'tls-server-end-point') return certificateHash(socket.getCertificate());
	if (type !== 'tls-unique' || socket.getProtocol() === 'TLSv1.3') return undefined;
	// The first Finished: the client's, unless the session was resumed (RFC 5929 §3.1).
	return socket.isSessionReused() ? socket.getFinished() : socket.getPeerFinished();
}

/** By the hash its signature uses; undefined where that uses none, as Ed25519 (RFC 5929 §4.1). */
function certificateHash(own: tls.PeerCertificate | object | null): Buffer | undefined {
	if (!own || !('raw' in own)) return undefined;
	const { raw } = new X509Certificate(own.raw);
	const hash = HASHES[signatureAlgorithm(raw)];
	return hash === undefined ? undefined : createHash(hash).update(raw).digest();
}

/** `Certificate ::= SEQUENCE { tbsCertificate, SEQUENCE { algorithm OBJECT IDENTIFIER … } … }`. */
function signatureAlgorithm(der: Buffer): string {
	const tbs = element(der, element(der, 0).start);
	const algorithm = element(der, element(der, tbs.end).start);
	return der.toString('hex', algorithm.start, algorithm.end);
}

/** Where the content of the DER element at an offset begins and ends. */
function element(der: Buffer, at: number): { start: number; end: number } {
	const first = der.readUInt8(at + 1);
	const more = first & 0x80 ? first & 0x7f : 0;
	const length = more === 0 ? first : der.readUIntBE(at + 2, more);
	const start = at + 2 + more;
	return { start, end: start + length };
}
