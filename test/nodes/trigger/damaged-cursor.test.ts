/** Static data that an import, a hand or another version has damaged: said once, and the trigger goes on. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

async function start(parameters: INodeParameters) {
	const server = await startServer();
	const inbox = server.account(USER).mailbox('INBOX');
	inbox.append(mail('one'));
	const poller = new Poller({ server, parameters });
	await poller.poll();
	inbox.append(mail('two'));
	await poller.poll();
	/** The same trigger with other static data. */
	const damaged = (damage: (state: IDataObject) => void): Poller => {
		const { staticData } = poller;
		const [node] = Object.values(staticData) as Array<{ imap4: IDataObject }>;
		if (node) damage(node.imap4);
		return poller.restarted(staticData);
	};
	return { inbox, damaged };
}

const WATCHES: Array<[string, INodeParameters]> = [
	['one mailbox', {}],
	['a pattern', { watch: 'pattern', pattern: '*' }],
	['existing messages too', { options: { includeExisting: true } }],
	['compared by Message-ID', { options: { onRenumbered: 'rescan' } }],
];

test.each(WATCHES)(
	'%s: it is reported once, and what comes afterwards is delivered',
	async (_title, watch) => {
		const { inbox, damaged } = await start(watch);
		const poller = damaged((state) => {
			(state.mailboxes as IDataObject).INBOX = { uidValidity: 'x' };
		});
		expect(await poller.poll()).toEqual([]);
		expect(poller.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('remembered of the mailbox "INBOX" is damaged'),
		]);
		inbox.append(mail('three'));
		expect(await poller.subjects()).toEqual(['three']);
		expect(poller.errors).toHaveLength(1);
	},
);

test.each(['flagsChanged', 'messageRemoved'])('%s: the same', async (event) => {
	const { inbox, damaged } = await start({ event });
	const poller = damaged((state) => {
		(state.mailboxes as IDataObject).INBOX = null;
	});
	expect(await poller.poll()).toEqual([]);
	expect(poller.errors).toHaveLength(1);
	const [first] = inbox.messages;
	if (!first) throw new Error('There is no message');
	if (event === 'flagsChanged') inbox.setFlags(first, ['\\Flagged']);
	else inbox.remove(new Set([first]));
	expect((await poller.poll()).map(({ uid }) => uid)).toEqual([1]);
});

test.each(['watched', 'beginWith', 'failing', 'above', 'unacknowledgedReported'])(
	'a damaged "%s" costs no message',
	async (field) => {
		const { inbox, damaged } = await start({ watch: 'pattern', pattern: '*' });
		for (const value of [null, 1, [1], { a: 1 }]) {
			const poller = damaged((state) => (state[field] = value));
			inbox.append(mail('three'));
			expect(await poller.subjects()).toEqual(['three']);
			expect(poller.errors).toEqual([]);
			inbox.remove(new Set(inbox.messages.slice(2)));
			inbox.uidNext = 3;
		}
	},
);
