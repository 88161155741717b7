/** Servers that search for ASCII only, as Exchange Online does: text beyond it is compared here. */
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { box, commandNames, errorOf, jsonOf, mail, runToEnd, startServer, USER } from '../run-node';
import { Poller } from '../trigger/poller';

const SUBJECTS = [
	'=?utf-8?q?Rechnung_f=C3=BCr_Mai?=',
	'=?iso-8859-1?Q?RECHNUNG_F=DCR?= =?iso-8859-1?Q?_Juni?=',
	'Rechnung fur Juli',
	'=?utf-8?B?5Y+R56Wo?=',
	'Rechnung vor Mai',
];

/** From these it follows that a server takes UTF-8. */
const UNICODE = ['SORT', 'I18NLEVEL=1', 'UTF8=ACCEPT', 'IMAP4rev2'];

const REFUSALS = [
	'NO [BADCHARSET (US-ASCII)] The specified charset is not supported.',
	'BAD Unsupported charset',
];

async function asciiOnly(refusal: string): Promise<MemoryServer> {
	const options: MemoryServerOptions = {
		capabilities: { remove: UNICODE },
		faults: {
			on: ({ tag, line }) => (/ CHARSET UTF-8/.test(line) ? `${tag} ${refusal}\r\n` : undefined),
		},
	};
	const server = await startServer(options);
	server.account(USER).create('Target');
	for (const subject of SUBJECTS) {
		server
			.account(USER)
			.mailbox('INBOX')
			.append(
				mail(
					subject,
					'Cc: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\r\nX-Ort: K=?utf-8?q?=C3=B6ln?=',
				),
			);
	}
	return server;
}

const found = async (server: MemoryServer, filters: INodeParameters): Promise<unknown[]> => {
	const parameters = { mailbox: box('INBOX'), filters, order: 'oldest' };
	const all = await jsonOf({ node: 'imap4Message', operation: 'getMany', server, parameters });
	return all.map(({ uid }) => uid);
};

describe.each(REFUSALS)('%s', (refusal) => {
	test.each<[INodeParameters, number[]]>([
		[{ subject: 'für' }, [1, 2]],
		[{ subject: 'FÜR mai' }, [1]],
		[{ subject: 'fu\u0308r' }, [1, 2]],
		[{ subject: '发票' }, [4]],
		[{ subject: 'für', uid: '2:*' }, [2]],
		[{ subject: 'für', readStatus: 'read' }, []],
		[{ cc: '"Jürgen <j@", nobody' }, [1, 2, 3, 4, 5]],
		[{ from: 'Jürgen, Bert' }, [1, 2, 3, 4, 5]],
		[{ header: { field: [{ name: 'X-Ort', value: 'köln' }] }, subject: 'vor' }, [5]],
		[{ rawSearch: 'NOT SUBJECT "für" SUBJECT "Rechnung"' }, [3, 5]],
		[{ rawSearch: 'OR SUBJECT "发票" SUBJECT "vor"' }, [4, 5]],
		[{ subject: 'nobody é' }, []],
	])('%j', async (filters, uids) => {
		expect(await found(await asciiOnly(refusal), filters)).toEqual(uids);
	});

	test('what changes messages changes these and no others', async () => {
		const server = await asciiOnly(refusal);
		await jsonOf({
			...{ node: 'imap4Message', operation: 'move', server },
			parameters: {
				...{ messages: 'search', mailbox: box('INBOX'), destination: box('Target') },
				filters: { subject: 'für' },
			},
		});
		const left = server
			.account(USER)
			.mailbox('INBOX')
			.messages.map(({ uid }) => uid);
		expect(left).toEqual([3, 4, 5]);
	});

	test.each([
		['SUBJECT "für" NOT SUBJECT "x"', [1, 3, 4, 5]],
		['NOT SUBJECT "für" SUBJECT "Rechnung"', [1, 2, 4]],
	])('%s removes no message whose header the server does not return', async (rawSearch, left) => {
		const server = await asciiOnly(refusal);
		const { on } = server.faults;
		// Of message 1 nothing but its flags.
		server.faults.on = (command) =>
			/FETCH .*HEADER/.test(command.line) && /FETCH (?:1\b|1:)/.test(command.line)
				? `${command.tag} NO The message cannot be read\r\n`
				: on?.(command);
		await jsonOf({
			...{ node: 'imap4Message', operation: 'delete', server },
			parameters: {
				...{ messages: 'search', mailbox: box('INBOX'), deleteMode: 'permanent' },
				filters: { rawSearch },
			},
		});
		const uids = server
			.account(USER)
			.mailbox('INBOX')
			.messages.map(({ uid }) => uid);
		expect(uids).toEqual(left);
	});

	test('the trigger delivers by such a filter', async () => {
		const server = await asciiOnly(refusal);
		const poller = new Poller({ server, parameters: { filters: { subject: 'für' } } });
		await poller.poll();
		const inbox = server.account(USER).mailbox('INBOX');
		for (const subject of [SUBJECTS[2], SUBJECTS[0]]) inbox.append(mail(String(subject)));
		expect(await poller.subjects()).toEqual(['Rechnung für Mai']);
		expect(await poller.subjects()).toEqual([]);
	});

	test.each([
		[{ body: 'für' }, '"Body Contains"'],
		[{ text: 'für', subject: 'x' }, '"Text Contains"'],
	])(
		'%j is what only the server could search: an error that says what to do',
		async (filters, label) => {
			const server = await asciiOnly(refusal);
			const parameters = {
				messages: 'search',
				mailbox: box('INBOX'),
				filters,
				deleteMode: 'permanent',
			};
			const deletion = { node: 'imap4Message', operation: 'delete', server, parameters } as const;
			const { message, description } = await errorOf(deletion);
			expect(message).toContain(`ASCII characters only, and ${label} has others`);
			expect(description).toContain('Subject Contains');
			expect(server.account(USER).mailbox('INBOX').messages).toHaveLength(5);
		},
	);
});

test('a server that takes UTF-8 is asked no more than before, or once where it does not say so', async () => {
	const able = await startServer();
	able
		.account(USER)
		.mailbox('INBOX')
		.append(mail(String(SUBJECTS[0])));
	expect(await found(able, { subject: 'für' })).toEqual([1]);
	expect(commandNames(able)).toEqual(['EXAMINE', 'UID SEARCH', 'UID FETCH']);
	const silent = await startServer({ capabilities: { remove: UNICODE } });
	silent
		.account(USER)
		.mailbox('INBOX')
		.append(mail(String(SUBJECTS[0])));
	expect(await found(silent, { subject: 'für' })).toEqual([1]);
	expect(commandNames(silent)).toEqual(['EXAMINE', 'UID SEARCH', 'UID SEARCH', 'UID FETCH']);
});

test('a server that says it takes UTF-8 and refuses it: what it says, and what to do', async () => {
	const server = await startServer({
		faults: {
			on: ({ tag, line }) =>
				/ CHARSET UTF-8/.test(line) ? `${tag} ${String(REFUSALS[0])}\r\n` : undefined,
		},
	});
	const { error } = await runToEnd({
		...{ node: 'imap4Message', operation: 'getMany', server },
		parameters: { mailbox: box('INBOX'), filters: { subject: 'für' } },
	});
	expect(error?.message).toContain('[BADCHARSET]');
	expect(error).toMatchObject({ description: expect.stringContaining('ASCII') as string });
});
