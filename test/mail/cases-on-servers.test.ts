/** The same messages on servers that describe their parts in their own ways. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { Imap4, Imap4Error } from '../../engine/index';
import { servers } from '../conformance/servers';
import { box, runNode } from '../nodes/run-node';
import { CASES, expectCase, readBack, type Case } from './read-case';

const real = servers.filter(({ name }) => name !== 'in-memory');
for (const { name, missing } of real) {
	if (missing !== undefined) console.log(`Left out: ${name}, because ${missing}`);
}
const all = CASES.flatMap(([, cases]) => cases);

/** What a server loses before anybody can read it. */
const LOST: Partial<Record<string, { names: readonly string[]; because: string }>> = {
	Courier: {
		names: [
			...['name-raw-sjis', 'name-raw-gbk', 'name-raw-koi8'],
			...['name-unquoted-brackets', 'name-2231-unquoted-space'],
		],
		because:
			'its BODYSTRUCTURE drops bytes of names that are not UTF-8, and brackets and spaces without quotes',
	},
};

/** Stores messages as they are. @returns the UID of each; undefined for those that the server refuses */
async function storeAll(
	options: Parameters<typeof Imap4.connect>[0],
	cases: readonly Case[],
): Promise<Map<Case, number>> {
	const imap = await Imap4.connect(options);
	const uids = new Map<Case, number>();
	let uidNext = (await imap.open('INBOX')).uidNext ?? 1;
	for (const one of cases) {
		try {
			await imap.append('INBOX', Buffer.from(one.octets, 'base64'));
			uids.set(one, uidNext++);
		} catch (error) {
			if (!(error instanceof Imap4Error) || imap.closedBy) throw error;
			console.log(`Left out: "${one.name}", which the server refuses: ${error.serverText}`);
		}
	}
	await imap.logout();
	return uids;
}

describe.each(real.filter(({ missing }) => missing === undefined))(
	'on $name',
	({ name: server, start }) => {
		const lost = LOST[server];
		if (lost)
			console.log(`Left out on ${server}: ${lost.names.join(', ')}, because ${lost.because}`);
		const cases = all.filter(({ name }) => !lost?.names.includes(name));
		let uids: Map<Case, number>;
		const items = new Map<number, INodeExecutionData>();

		beforeAll(async () => {
			await Container.get(BinaryDataService).init();
			const server = await start();
			const auth = server.freshAccount();
			const port = server.port('none');
			uids = await storeAll(
				{ host: server.host, port, security: 'none', allowClearText: true, auth },
				all,
			);
			const output = await runNode({
				node: 'imap4Message',
				operation: 'getMany',
				server: { host: server.host, port },
				credential: { ...auth },
				parameters: {
					mailbox: box('INBOX'),
					returnAll: true,
					body: 'text',
					downloadAttachments: true,
				},
			});
			for (const item of output) items.set(item.json.uid as number, item);
		}, 120_000);

		test('every stored message is there', () => {
			expect(uids.size).toBeGreaterThan(all.length * 0.95);
			expect([...items.keys()].sort((a, b) => a - b)).toEqual([...uids.values()]);
		});

		test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
			const uid = uids.get(one);
			if (uid === undefined) return;
			expectCase(await readBack(items.get(uid)), one);
		});
	},
);
