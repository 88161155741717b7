import { Imap4Error, type Imap4, type QuotaResource } from '../../../engine/index';

/**
 * What a quota root limits now: nothing where it has no limits yet, which Cyrus calls an error.
 * @throws Imap4Error if it may not be asked for
 */
export async function quotaResources(imap: Imap4, root: string): Promise<readonly QuotaResource[]> {
	try {
		return (await imap.getQuota(root)).resources;
	} catch (error) {
		const none = error instanceof Imap4Error && error.code === 'NO';
		if (none && error.responseCode !== 'NOPERM') return [];
		throw error;
	}
}
