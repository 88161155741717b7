import { expect, test } from 'vitest';
import { box, jsonOf, mail, startServer, USER } from '../run-node';

test.each([undefined, 'NO [NOPERM] Not for you'])(
	'a mailbox that is created is subscribed to, so that mail programs show it (SUBSCRIBE: %s)',
	async (refusal) => {
		const server = await startServer();
		const account = server.account(USER);
		const inbox = account.mailbox('INBOX');
		for (const subject of ['one', 'two']) inbox.append(mail(subject));
		account.create('There');
		server.faults.on = ({ tag, line }) =>
			refusal && line.startsWith('SUBSCRIBE') ? `${tag} ${refusal}\r\n` : undefined;
		const output = await jsonOf({
			...{ node: 'imap4Message', operation: 'move', server },
			items: ['Ärchiv/2026', 'There'].map((to, index) => ({
				...{ mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: index + 1, to },
			})),
			parameters: { destination: box('={{ $json.to }}'), createIfMissing: true },
		});
		expect(output[0]).toMatchObject({ mailbox: 'Ärchiv/2026', uid: 1, createdMailbox: true });
		expect(account.subscribed.has('Ärchiv/2026')).toBe(refusal === undefined);
		expect(account.subscribed.has('There')).toBe(false);
	},
);
