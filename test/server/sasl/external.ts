import { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import type { Mechanism } from './mechanism';
import { failed } from './mechanism';

/** RFC 4422 appendix A: the client is whom the common name of its TLS certificate names. */
export const external: Mechanism = {
	showsSecret: false,
	possible: ({ clientAuthority }, { tls: socket }) =>
		clientAuthority !== undefined && socket !== undefined,
	async run({ settings, tls: socket, first }) {
		const actAs = (await first()).toString('utf8');
		const user = socket && certified(socket, settings.clientAuthority ?? '');
		if (user === undefined || !settings.find(user)) throw failed();
		return { user, actAs };
	},
};

/** @param authority PEM of who must have signed it */
function certified(socket: tls.TLSSocket, authority: string): string | undefined {
	const shown = socket.getPeerCertificate() as Partial<tls.PeerCertificate>;
	if (!shown.raw) return undefined;
	const certificate = new X509Certificate(shown.raw);
	const issuer = new X509Certificate(authority);
	const now = new Date();
	const valid = new Date(certificate.validFrom) <= now && now < new Date(certificate.validTo);
	if (!valid || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey))
		return undefined;
	const name = shown.subject?.CN;
	return typeof name === 'string' ? name : undefined;
}
