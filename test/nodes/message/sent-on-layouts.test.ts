/** Save to Sent looks into the mailbox where it then stores: Courier refuses that while it is open by EXAMINE. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { layouts, nameOn } from '../../real/layouts';
import { box, jsonOf } from '../run-node';

for (const layout of layouts()) {
	const { title } = layout;
	if ('missing' in layout) {
		console.log(`Left out: ${title}, because ${layout.missing}`);
		continue;
	}
	const { host, port, password, users = '' } = layout;
	const account = () => ({
		node: 'imap4Message' as const,
		server: { host, port },
		credential: { user: `${users}u${randomBytes(6).toString('hex')}`, password },
	});

	describe(`on ${title}`, () => {
		test('Save to Sent stores what is not there yet, run after run', async () => {
			const run = {
				...account(),
				operation: 'saveToSent',
				parameters: {
					sentMailbox: box('Posted'),
					createIfMissing: true,
					source: 'raw',
					raw: '=Subject: x\r\nMessage-ID: <{{ $json.n }}@example.org>\r\n\r\ntext\r\n',
				},
			};
			await jsonOf({ ...run, items: [{ n: 1 }, { n: 2 }] });
			const saved = await jsonOf({ ...run, items: [{ n: 2 }, { n: 3 }] });
			const mailbox = nameOn(layout, 'Posted');
			expect(saved[0]).toMatchObject({ mailbox, uid: 2, alreadyThere: true });
			expect(saved[1]).toMatchObject({ mailbox, uid: 3 });
			expect(saved[1]).not.toHaveProperty('alreadyThere');
		});
	});
}
