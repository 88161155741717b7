import type { Settings, Wire } from '../session';
import { cramMd5 } from './cram-md5';
import { external } from './external';
import { login } from './login';
import type { Exchange, Mechanism } from './mechanism';
import { oauthBearer, xoauth2 } from './oauth';
import { plain } from './plain';
import { scram } from './scram';

const bindingOffered =
	(name: string) =>
	({ settings, tls }: Exchange): boolean =>
		tls !== undefined && (settings.mechanisms?.includes(name) ?? true);

/** All that can be offered, by name, the strongest first. */
const MECHANISMS: Record<string, Mechanism> = {
	'SCRAM-SHA-256-PLUS': scram('sha256', true, () => true),
	'SCRAM-SHA-256': scram('sha256', false, bindingOffered('SCRAM-SHA-256-PLUS')),
	'SCRAM-SHA-1-PLUS': scram('sha1', true, () => true),
	'SCRAM-SHA-1': scram('sha1', false, bindingOffered('SCRAM-SHA-1-PLUS')),
	'CRAM-MD5': cramMd5,
	PLAIN: plain,
	LOGIN: login,
	XOAUTH2: xoauth2,
	OAUTHBEARER: oauthBearer,
	EXTERNAL: external,
};

/** Names of the mechanisms that can be used on a connection as it is now. */
export function offeredMechanisms(settings: Settings, wire: Wire): string[] {
	const clear = !wire.secure && !settings.allowPlaintextLogin;
	// Who forbids logins in clear text and names no mechanism wants none there at all.
	const wanted = settings.mechanisms ?? (clear ? [] : Object.keys(MECHANISMS));
	const names = wanted.map((name) => name.toUpperCase());
	return Object.entries(MECHANISMS)
		.filter(([name]) => names.includes(name))
		.filter(([, { showsSecret }]) => !clear || !showsSecret)
		.filter(([, { possible }]) => possible?.(settings, wire) ?? true)
		.map(([name]) => name);
}

/** @returns undefined for what nobody has heard of */
export function mechanismNamed(name: string): Mechanism | undefined {
	return Object.hasOwn(MECHANISMS, name) ? MECHANISMS[name] : undefined;
}
