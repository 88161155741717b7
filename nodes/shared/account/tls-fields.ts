/** The TLS fields of a credential as options of the engine. */
import type { TlsOptions } from '../../../engine/index';
import { pem } from './pem';

/** @param text the value of a field, empty if it is not filled in */
export function tlsOptions(
	text: (name: string) => string,
	ignoreCertificateErrors: boolean,
): TlsOptions {
	const minVersion = text('minimumTlsVersion');
	return {
		ca: pem(text('caCertificate')) || undefined,
		cert: pem(text('clientCertificate')) || undefined,
		key: pem(text('clientKey')) || undefined,
		passphrase: text('clientKeyPassphrase') || undefined,
		serverName: text('serverName').trim() || undefined,
		minVersion: isTlsVersion(minVersion) ? minVersion : undefined,
		fingerprint256: text('fingerprint').trim() || undefined,
		rejectUnauthorized: !ignoreCertificateErrors,
	};
}

function isTlsVersion(text: string): text is NonNullable<TlsOptions['minVersion']> {
	return /^TLSv1(\.[123])?$/.test(text);
}
