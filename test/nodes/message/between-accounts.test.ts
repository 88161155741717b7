/** Copy and Move to Another Account. */
import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import type { SelectedMailbox } from '../../../engine/index';
import { keptFlags, LARGE } from '../../../nodes/Imap4Message/between-accounts/store-group';
import type { MemoryServerOptions } from '../../server/index';
import {
	ACCOUNT,
	box,
	commandNames,
	errorOf,
	jsonOf,
	mail,
	PASSWORD,
	runToEnd,
	startServer,
	TARGET_USER,
	USER,
	type NodeRunOptions,
} from '../run-node';

const DAY = 86_400_000;
const START = Date.parse('2024-01-01T08:00:00Z');

async function accounts(
	count: number,
	{ from = {}, to = {} }: { from?: MemoryServerOptions; to?: MemoryServerOptions } = {},
) {
	const server = await startServer(from);
	const target = await startServer(to);
	const there = target.addAccount(TARGET_USER, PASSWORD);
	const inbox = server.account(USER).mailbox('INBOX');
	for (let n = 1; n <= count; n++) {
		inbox.append(mail(`letter ${n}`), {
			flags: [...(n % 2 ? ['\\Seen'] : []), ...(n % 3 ? [] : ['project', '\\Flagged'])],
			internalDate: new Date(START + n * DAY),
		});
	}
	const archive = there.create('Archive');
	const run = (operation: string, parameters: INodeParameters = {}): NodeRunOptions => ({
		node: 'imap4Message',
		operation,
		server,
		target,
		parameters: {
			messages: 'uids',
			mailbox: box('INBOX'),
			uids: '1:*',
			targetMailbox: box('Archive'),
			...parameters,
		},
	});
	return { server, target, there, inbox, archive, run };
}

type Stored = { octets: Buffer; flags: Iterable<string>; internalDate: Date };
const shown = (mailbox: { messages: readonly Stored[] }) =>
	mailbox.messages.map(({ octets, flags, internalDate }) => ({
		text: octets.toString('latin1'),
		flags: [...flags].filter((flag) => flag !== '\\Recent').sort(),
		date: internalDate.toISOString(),
	}));
const textsOf = (mailbox: { messages: readonly Stored[] }) =>
	shown(mailbox)
		.map(({ text }) => text)
		.sort();

describe('Copy to Another Account', () => {
	test('keeps bytes, flags, keywords and dates, and names the new reference', async () => {
		const { inbox, archive, run } = await accounts(7);
		const before = shown(inbox);
		const output = await jsonOf(run('copyToAccount'));
		expect(shown(archive)).toEqual(before);
		expect(shown(inbox)).toEqual(before);
		expect(output[2]).toEqual({
			mailbox: 'Archive',
			uidValidity: archive.uidValidity,
			uid: 3,
			account: 'imap://archive%40example.net@127.0.0.1',
			messageId: '<letter-3@example.org>',
			size: Buffer.byteLength(mail('letter 3')),
			previous: { mailbox: 'INBOX', uidValidity: inbox.uidValidity, uid: 3, account: ACCOUNT },
		});
	});

	test('many messages take few commands where MULTIAPPEND is offered', async () => {
		const { server, target, archive, run } = await accounts(250);
		await jsonOf(run('copyToAccount'));
		expect(archive.messages).toHaveLength(250);
		expect(commandNames(target).filter((name) => name === 'APPEND')).toHaveLength(3);
		expect(commandNames(server)).not.toContain('SELECT');
	});

	test.each([['MULTIAPPEND'], ['UIDPLUS'], ['MULTIAPPEND', 'UIDPLUS', 'LITERAL+']])(
		'without %s',
		async (...remove) => {
			const { inbox, archive, run } = await accounts(5, { to: { capabilities: { remove } } });
			const output = await jsonOf(run('copyToAccount'));
			expect(shown(archive)).toEqual(shown(inbox));
			expect(output.map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5]);
		},
	);

	test('stores nothing twice, and what came in the meantime once', async () => {
		const { inbox, archive, run } = await accounts(4);
		await jsonOf(run('copyToAccount', { uids: '2:3' }));
		inbox.append(mail('late'), { internalDate: new Date(START) });
		const output = await jsonOf(run('copyToAccount'));
		expect(output.map(({ uid, alreadyThere }) => [uid, alreadyThere])).toEqual([
			[3, undefined],
			[1, true],
			[2, true],
			[4, undefined],
			[5, undefined],
		]);
		expect(textsOf(archive)).toEqual(textsOf(inbox));
	});

	test('stores no second one of a message that the target leaves out of its answer', async () => {
		const { target, archive, run } = await accounts(3);
		await jsonOf(run('copyToAccount'));
		let times = 0;
		target.faults.rewrite = (octets) => {
			const text = octets.toString('latin1');
			if (!/^\* 2 FETCH /.test(text) || ++times > 1) return octets;
			return Buffer.alloc(0);
		};
		const output = await jsonOf(run('copyToAccount'));
		expect(times).toBeGreaterThan(0);
		expect(output.map(({ alreadyThere }) => alreadyThere)).toEqual([true, true, true]);
		expect(archive.messages).toHaveLength(3);
	});

	test('distinguishes messages without a Message-ID by date and size, and copies doubles as doubles', async () => {
		const { inbox, archive, run } = await accounts(0);
		for (const n of [1, 1, 2]) {
			inbox.append(`Subject: ${n}\r\n\r\nx`, { internalDate: new Date(START + n * DAY) });
		}
		for (const n of [1, 1]) inbox.append(mail('twice'), { internalDate: new Date(START + n) });
		await jsonOf(run('copyToAccount', { uids: '1,4' }));
		await jsonOf(run('copyToAccount'));
		await jsonOf(run('copyToAccount'));
		expect(textsOf(archive)).toEqual(textsOf(inbox));
	});

	test('large messages are streamed', async () => {
		const { inbox, archive, run } = await accounts(1);
		const large = `${mail('large')}${'0123456789\r\n'.repeat(300_000)}`;
		inbox.append(large, { flags: ['\\Flagged'], internalDate: new Date(START) });
		inbox.append(mail('after'));
		await jsonOf(run('copyToAccount'));
		expect(textsOf(archive)).toEqual(textsOf(inbox));
	});

	test.each([
		[['\\Answered', '\\Seen', 'known', '\\*'], ['\\Seen', 'new', 'Known'], []],
		[['\\Answered', '\\Seen', 'known'], ['\\Seen', 'Known'], ['new']],
		[[], ['\\Seen', 'new', 'Known'], []],
	])('of a mailbox that keeps %j says which flags are lost', (permanentFlags, flags, lost) => {
		const given = ['\\Seen', '\\Recent', 'new', 'Known'];
		expect(
			keptFlags(given, {
				permanentFlags: permanentFlags,
			} as unknown as SelectedMailbox),
		).toEqual({ flags, lost });
	});

	test('into the same path, as the other server writes it', async () => {
		const server = await startServer();
		const target = await startServer();
		target.addAccount(TARGET_USER, PASSWORD);
		server.account(USER).create('Work/2024').append(mail('x'));
		const [output] = await jsonOf({
			node: 'imap4Message',
			operation: 'copyToAccount',
			server,
			target,
			parameters: {
				messages: 'uids',
				mailbox: box('Work/2024'),
				uids: '1:*',
				targetMailboxFrom: 'same',
				createIfMissing: true,
			},
		});
		expect(output).toMatchObject({ mailbox: 'Work/2024', uid: 1, createdMailbox: true });
	});

	test('a message that the server refuses does not keep back the others', async () => {
		const { archive, inbox, run } = await accounts(5, {
			to: { appendLimit: Buffer.byteLength(mail('letter 1')) },
		});
		inbox.append(mail('a letter that is much longer than those before it'));
		const { message, description } = await errorOf(run('copyToAccount'));
		expect(message).toContain('1 of 6 messages could not be stored');
		expect(description).toContain('not stored twice');
		expect(archive.messages).toHaveLength(5);
	});

	test('a mailbox that is missing is not created unless it is wanted', async () => {
		const { there, run } = await accounts(1);
		const { message } = await errorOf(run('copyToAccount', { targetMailbox: box('New') }));
		expect(message).toContain('New');
		expect([...there.list()].map(({ name }) => name)).not.toContain('New');
	});

	test('a dry run reports what is missing, and stores nothing', async () => {
		const { target, run } = await accounts(4);
		await jsonOf(run('copyToAccount', { uids: '1' }));
		const before = commandNames(target).filter((name) => name === 'APPEND').length;
		expect(await jsonOf(run('copyToAccount', { dryRun: true }))).toMatchObject([
			{ dryRun: true, count: 4, alreadyThere: 1, destination: 'Archive', missing: false },
		]);
		expect(commandNames(target).filter((name) => name === 'APPEND')).toHaveLength(before);
	});

	test('is refused where both are the same account', async () => {
		const { server, run } = await accounts(1);
		const { message } = await errorOf({
			...run('copyToAccount'),
			target: server,
			targetCredential: { user: USER },
		});
		expect(message).toContain('same account');
	});
});

describe('Move to Another Account', () => {
	test('removes each message once it is there', async () => {
		const { inbox, archive, run } = await accounts(5);
		const before = shown(inbox);
		const output = await jsonOf(run('moveToAccount', { uids: '1:4' }));
		expect(output.map(({ removed }) => removed)).toEqual([true, true, true, true]);
		expect(shown(archive)).toEqual(before.slice(0, 4));
		expect(shown(inbox)).toEqual(before.slice(4));
	});

	test('without UIDPLUS in the target a search confirms it', async () => {
		const { inbox, archive, run } = await accounts(3, {
			to: { capabilities: { remove: ['UIDPLUS'] } },
		});
		const before = shown(inbox);
		await jsonOf(run('moveToAccount'));
		expect([shown(archive), inbox.messages]).toEqual([before, []]);
	});

	test('removes nothing that the target refused', async () => {
		const { inbox, archive, run } = await accounts(3, {
			to: {
				faults: {
					on: ({ tag, line }) =>
						line.startsWith('APPEND') ? `${tag} NO [OVERQUOTA] Full\r\n` : undefined,
				},
			},
		});
		const { message } = await errorOf(run('moveToAccount'));
		expect(message).toContain('[OVERQUOTA]');
		expect([inbox.messages.length, archive.messages.length]).toEqual([3, 0]);
	});

	test('without UIDPLUS in the source, stores nothing where removing would remove others', async () => {
		const { inbox, archive, run } = await accounts(3, {
			from: { capabilities: { remove: ['UIDPLUS'] } },
		});
		inbox.append(mail('marked'), { flags: ['\\Deleted'] });
		const { message } = await errorOf(run('moveToAccount', { uids: '1:3' }));
		expect(message).toContain('support UIDPLUS');
		expect([inbox.messages.length, archive.messages.length]).toEqual([4, 0]);
	});

	test.each([[10], [LARGE + 1]])(
		'a message of %i bytes in whose place nothing comes is not replaced by nothing',
		async (size) => {
			const { server, inbox, archive, run } = await accounts(0);
			inbox.append(`Subject: one\r\n\r\n${'x'.repeat(size)}`);
			server.faults.on = ({ tag, line }) =>
				line.startsWith('UID FETCH') && line.includes('BODY.PEEK[]')
					? `* 1 FETCH (UID 1 BODY[] {0}\r\n)\r\n${tag} OK done\r\n`
					: undefined;
			const { message } = await errorOf(run('moveToAccount'));
			expect(message).toContain('The message with UID 1 cannot be read');
			expect([inbox.messages.length, archive.messages.length]).toEqual([1, 0]);
		},
	);

	test('leaves a message in place of which the target has one that is only alike', async () => {
		const { inbox, archive, run } = await accounts(1);
		archive.append(`${mail('letter 1')}and more`, { internalDate: new Date(START + DAY) });
		const output = await jsonOf(run('moveToAccount'));
		expect(output).toMatchObject([{ alreadyThere: true, removed: false }]);
		expect([inbox.messages.length, archive.messages.length]).toEqual([1, 1]);
	});

	test('cut off anywhere and started again: nothing is lost, nothing doubled', async () => {
		// Three groups, so that some are done when the cut comes.
		const COUNT = 220;
		let made = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 3, max: 16 })), {
					minLength: 1,
					maxLength: 4,
				}),
				fc.constantFrom<string[]>([], ['UIDPLUS'], ['MULTIAPPEND']),
				async (cuts, remove) => {
					const plan = { side: '', left: Infinity };
					const cutting = (side: string, cut: () => void) => ({
						on: () => {
							if (plan.side !== side || --plan.left > 0) return undefined;
							plan.left = Infinity;
							made++;
							cut();
							return '';
						},
					});
					const cut = { from: () => undefined as void, to: () => undefined as void };
					const { server, target, inbox, archive, run } = await accounts(COUNT, {
						from: { faults: cutting('from', () => cut.from()) },
						to: { capabilities: { remove }, faults: cutting('to', () => cut.to()) },
					});
					cut.from = () => server.cutAll();
					cut.to = () => target.cutAll();
					const before = shown(inbox).sort((a, b) => a.date.localeCompare(b.date));
					for (const [ofSource, left] of cuts) {
						Object.assign(plan, { side: ofSource ? 'from' : 'to', left });
						await runToEnd(run('moveToAccount'));
						// What is not in the one is in the other, at any time.
						const texts = new Set([...textsOf(inbox), ...textsOf(archive)]);
						expect(texts.size).toBe(COUNT);
					}
					plan.side = '';
					await runToEnd(run('moveToAccount'));
					expect(inbox.messages).toEqual([]);
					expect(shown(archive).sort((a, b) => a.date.localeCompare(b.date))).toEqual(before);
				},
			),
			{ numRuns: 25 },
		);
		expect(made).toBeGreaterThan(20);
	}, 120_000);
});
