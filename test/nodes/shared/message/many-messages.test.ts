/** Filters that no search key knows, in mailboxes of hundreds of thousands of messages. */
import { expect, test } from 'vitest';
import type { BodyStructure, OpenMailbox, Uid } from '../../../../engine/index';
import { withAttachments } from '../../../../nodes/shared/message/attachment-filter';

const COUNT = 200_000;
const UIDS = Array.from({ length: COUNT }, (_, index) => (index + 1) as Uid);
const structure: BodyStructure = {
	...{ part: '1', type: 'application', subtype: 'pdf', parameters: {}, id: null },
	...{ encoding: 'base64', size: 1, disposition: null, description: null, md5: null },
	...{ language: [], location: null },
};

/** A mailbox whose messages all have an attachment. */
const mailbox = {
	closedBy: undefined,
	search: () => Promise.resolve([...UIDS]),
	async *fetch() {
		for (const uid of UIDS) yield await Promise.resolve({ uid, bodyStructure: structure });
	},
} as unknown as OpenMailbox;

test('all that have an attachment', async () => {
	const query = await withAttachments(mailbox, { seen: true }, { has: true }, 'exclude');
	expect(query).toEqual({ and: [{ seen: true }, { uid: UIDS }] });
});
