import { expect, test } from 'vitest';
import { startServer, USER } from '../run-node';
import { Poller } from './poller';

test(
	'a backlog of 100,000 messages is given over many polls, each once',
	{ timeout: 120_000 },
	async () => {
		const count = 100_000;
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		const message = Buffer.from('Subject: x\r\n\r\n');
		for (let n = 0; n < count; n++) inbox.append(message);
		const poller = new Poller({
			server,
			parameters: {
				simplify: false,
				fields: ['size'],
				options: { includeExisting: true, most: 8_000 },
			},
		});
		let last = 0;
		let polls = 0;
		for (;;) {
			const uids = (await poller.poll()).map(({ uid }) => uid as number);
			if (uids.length === 0) break;
			polls++;
			// One after the other without a gap: nothing is lost, nothing comes twice.
			expect(uids.every((uid, index) => uid === last + index + 1)).toBe(true);
			last = uids.at(-1) ?? 0;
			// What is remembered does not grow with what is left.
			expect(JSON.stringify(poller.staticData).length).toBeLessThan(1_000);
		}
		expect(last).toBe(count);
		expect(polls).toBe(13);
	},
);
