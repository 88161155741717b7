/** A set that is too long for one command, of which the server refuses a part. */
import { afterEach, describe, expect, test } from 'vitest';
import { Imap4, type OpenMailbox, UidSet } from '../../../engine/index';
import { MemoryServer } from '../../server';

const COUNT = 5000;
/** In two commands. */
const wanted = UidSet.from(Array.from({ length: COUNT / 2 }, (_value, index) => 2 * index + 1));
const [first] = wanted.split();
const size = first?.size ?? 0;

let server: MemoryServer;
afterEach(() => server.stop());

/** Of an account that takes no more messages than the first command brings. */
async function opened(...remove: string[]): Promise<OpenMailbox> {
	server = await MemoryServer.start({ quotaMessages: COUNT + size, capabilities: { remove } });
	const account = server.addAccount('ann', 'secret');
	for (let count = 0; count < COUNT; count++) account.mailbox('INBOX').append('Subject: s\r\n\r\n');
	account.create('Archive');
	const { host, port } = server;
	const auth = { user: 'ann', password: 'secret' };
	const imap = await Imap4.connect({ host, port, security: 'none', auth });
	return imap.open();
}

describe('the second of two commands is refused', () => {
	test('COPY says how many messages it has copied', async () => {
		const mailbox = await opened();
		await expect(mailbox.copy(wanted, 'Archive')).rejects.toMatchObject({
			responseCode: 'OVERQUOTA',
			message: expect.stringMatching(
				`\\(${size} of ${wanted.size} messages were copied\\)$`,
			) as string,
		});
		expect(server.account('ann').mailbox('Archive').messages).toHaveLength(size);
	});

	test('a MOVE by hand too, and removes nothing', async () => {
		const mailbox = await opened('MOVE');
		await expect(mailbox.move(wanted, 'Archive')).rejects.toMatchObject({
			responseCode: 'OVERQUOTA',
			message: expect.stringMatching(
				`\\(${size} of ${wanted.size} messages were copied\\)$`,
			) as string,
		});
		expect(server.account('ann').mailbox('INBOX').messages).toHaveLength(COUNT);
	});
});

test('what is refused as a whole says nothing of the kind', async () => {
	const mailbox = await opened();
	await expect(mailbox.copy(wanted, 'Nowhere')).rejects.toMatchObject({
		responseCode: 'TRYCREATE',
		message: expect.stringMatching(/^((?! messages were ).)*$/) as string,
	});
});
