/** Which content of a credential is the latest that was seen, so that nothing older is used on. */
import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

/** A stored credential as it was when it was decrypted. */
export interface CredentialVersion {
	/** n8n's ID of it. */
	id: string;
	/** A hash of its content. */
	version: string;
}

/** Version by ID; undefined for a credential that can't be had any more. */
const latest = new Map<string, string | undefined>();

export function credentialVersion(id: string, data: IDataObject): CredentialVersion {
	return { id, version: createHash('sha256').update(JSON.stringify(data)).digest('hex') };
}

/** @returns whether the credential was another one before */
export function noteVersion({ id, version }: CredentialVersion): boolean {
	const changed = latest.has(id) && latest.get(id) !== version;
	latest.set(id, version);
	return changed;
}

/** For a credential that was deleted, or is no longer shared with its users. */
export function noteGone(id: string): void {
	if (latest.has(id)) latest.set(id, undefined);
}

/** @param credential undefined where n8n names none */
export function isCurrent(credential: CredentialVersion | undefined): boolean {
	return credential === undefined || latest.get(credential.id) === credential.version;
}
