/** After Delivery, Move: a message is not delivered again from where it was moved to. */
import { describe, expect, test } from 'vitest';
import type { INodeParameters } from 'n8n-workflow';
import type { MemoryServer } from '../../server';
import { box, mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const moves = (parameters: INodeParameters): INodeParameters => ({
	...{ after: 'move', afterMailbox: box('Processed') },
	...parameters,
});

async function filled(): Promise<MemoryServer> {
	const server = await startServer();
	server.account(USER).create('Processed').append(mail('old'));
	server.account(USER).create('Other');
	return server;
}

async function polls(poller: Poller, count: number): Promise<unknown[]> {
	const subjects: unknown[] = [];
	for (let times = 0; times < count; times++) subjects.push(...(await poller.subjects()));
	return subjects;
}

describe.each([
	['a pattern', { watch: 'pattern', pattern: '*' }],
	['several mailboxes', { watch: 'several', mailboxes: ['INBOX', 'Other', 'Processed'] }],
])('%s that the target belongs to', (_name, watched) => {
	test('delivers once', async () => {
		const server = await filled();
		const poller = new Poller({ server, parameters: moves(watched) });
		await poller.poll();
		server.account(USER).mailbox('INBOX').append(mail('one'));
		server.account(USER).mailbox('Other').append(mail('two'));
		expect((await polls(poller, 6)).sort()).toEqual(['one', 'two']);
		expect(server.account(USER).mailbox('Processed').messages).toHaveLength(3);
	});

	test('once nothing is moved any more, it delivers what arrives in the target from then on', async () => {
		const server = await filled();
		const parameters = moves({ ...watched, options: { includeExisting: true } });
		const before = new Poller({ server, parameters });
		server.account(USER).mailbox('INBOX').append(mail('one'));
		expect(await polls(before, 3)).toEqual(['one']);
		const after = new Poller({
			...{ server, staticData: before.staticData },
			parameters: { ...parameters, after: 'nothing' },
		});
		expect(await polls(after, 2)).toEqual([]);
		server.account(USER).mailbox('Processed').append(mail('new'));
		expect(await polls(after, 2)).toEqual(['new']);
	});
});

test('one mailbox that is the target itself delivers once and moves nothing', async () => {
	const server = await filled();
	const poller = new Poller({ server, parameters: moves({ afterMailbox: box('inbox') }) });
	await poller.poll();
	server.account(USER).mailbox('INBOX').append(mail('one'));
	expect(await polls(poller, 5)).toEqual(['one']);
	expect(server.account(USER).mailbox('INBOX').messages[0]?.uid).toBe(1);
});
