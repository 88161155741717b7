/** The first workflow of docs/start.md, a workflow to import, and roles, unchanged on every layout of mailboxes that servers have. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { credentialOf, withCredential } from '../../demo/account';
import { standIns } from '../../demo/n8n-core/stand-ins';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../../demo/run-workflow';
import { readWorkflow, withoutDryRun } from '../../demo/workflows';
import { hasAttribute, Imap4 } from '../../engine/index';
import { layouts, nameOn, type Layout } from '../real/layouts';
import { box, errorOf, jsonOf, NODES, runFlow } from './run-node';

const nodeTypes = new NodeTypeRegistry({
	...standIns,
	...Object.fromEntries(
		Object.entries(NODES).map(([name, node]) => [`n8n-nodes-imap4.${name}`, node]),
	),
});

const DAY = 24 * 60 * 60_000;
const ago = (days: number): Date => new Date(Date.now() - days * DAY);
const yearOf = (date: Date): number => date.getUTCFullYear();

for (const one of layouts()) {
	if ('missing' in one) {
		console.log(`Left out: ${one.title}, because ${one.missing}`);
		continue;
	}
	describe(`on ${one.title}`, () => on(one));
}

function on(layout: Layout): void {
	const { host, port, password, prefix, users = '' } = layout;
	const named = (path: string): string => nameOn(layout, path);

	/** A user of whom nobody has heard, with these messages by mailbox. */
	async function filled(messages: Record<string, Date[]>) {
		const user = `${users}u${randomBytes(6).toString('hex')}`;
		const login = { host, port, security: 'none', user, password } as const;
		await using imap = await connect(user);
		for (const [mailbox, dates] of Object.entries(messages)) {
			if (mailbox !== 'INBOX') await imap.createMailbox(mailbox);
			for (const date of dates)
				await imap.append(mailbox, `Subject: of ${yearOf(date)}\r\n\r\ntext\r\n`, { date });
		}
		return { login, account: { server: { host, port }, credential: { user, password } } };
	}

	const connect = (user: string): Promise<Imap4> =>
		Imap4.connect({ host, port, security: 'none', auth: { user, password } });

	/** How many messages there are by the user's mailboxes, empty ones left out. */
	async function counts(user: string): Promise<Record<string, number>> {
		await using imap = await connect(user);
		const found: Record<string, number> = {};
		const { otherUsers, shared } = await imap.namespace();
		// Other tests share mailboxes with everybody.
		const isForeign = (name: string): boolean =>
			[...otherUsers, ...shared].some((one) => one.prefix !== '' && name.startsWith(one.prefix));
		for (const entry of await imap.list()) {
			const { name } = entry;
			const isOwn = name === 'INBOX' || (name.startsWith(prefix) && !isForeign(name));
			if (!isOwn || hasAttribute(entry, '\\Noselect')) continue;
			const { messages = 0 } = await imap.status(name, ['messages']);
			if (messages > 0) found[name] = messages;
		}
		return found;
	}

	test('the first workflow of docs/start.md archives by year', async () => {
		const old = [ago(40), ago(800), ago(801)];
		const { login, account } = await filled({ INBOX: [ago(1), ...old] });
		const flow = (dryRun: boolean) =>
			runFlow(
				[
					{
						name: 'Get',
						node: 'imap4Message',
						operation: 'getMany',
						parameters: {
							mailbox: { __rl: true, mode: 'list', value: 'INBOX' },
							returnAll: true,
							filters: { before: '={{ $now.minus({ months: 1 }) }}' },
						},
					},
					{
						name: 'Move',
						node: 'imap4Message',
						operation: 'move',
						parameters: {
							messages: 'input',
							destination: box('=Archive/{{ $json.date.slice(0, 4) }}'),
							createIfMissing: true,
							dryRun,
						},
					},
				],
				account,
			);
		const tried = await flow(true);
		expect(tried.error).toBeUndefined();
		expect(await counts(login.user)).toEqual({ INBOX: 4 });
		const moved = await flow(false);
		expect(moved.error).toBeUndefined();
		const expected: Record<string, number> = { INBOX: 1 };
		for (const date of old) {
			const name = named(`Archive/${yearOf(date)}`);
			expected[name] = (expected[name] ?? 0) + 1;
		}
		expect(await counts(login.user)).toEqual(expected);
	});

	test('archive-by-year does its work, and has nothing to do afterwards', async () => {
		const junk = named('Junk');
		const { login } = await filled({ INBOX: [ago(2), ago(500)], [junk]: [ago(3), ago(60)] });
		const credential = credentialOf(login, '1', 'Account');
		const workflow = withCredential(withoutDryRun(readWorkflow('archive-by-year')), credential);
		const run = () => runWorkflow({ workflow, nodeTypes, credentials: [credential] });
		expect(await run()).toMatchObject({ status: 'success' });
		const after = { INBOX: 1, [junk]: 1, [named(`Archive/${yearOf(ago(500))}`)]: 1 };
		expect(await counts(login.user)).toEqual(after);
		const again = await run();
		expect(again).toMatchObject({ status: 'success' });
		expect(outputOf(again, 'Report').length).toBeGreaterThan(0);
		expect(await counts(login.user)).toEqual(after);
	});

	test.each(['archive', 'drafts', 'junk', 'sent', 'trash'])(
		'a message moved by the role %s is found by it',
		async (role) => {
			const { login, account } = await filled({ INBOX: [ago(1)] });
			const byRole = { __rl: true, mode: 'role', value: role };
			const [moved] = await jsonOf({
				node: 'imap4Message',
				operation: 'move',
				...account,
				parameters: {
					messages: 'uids',
					mailbox: box('INBOX'),
					uids: '1:*',
					destination: byRole,
					createIfMissing: true,
				},
			});
			expect(await counts(login.user)).toEqual({ [moved?.mailbox as string]: 1 });
			expect(moved?.mailbox).toMatch(new RegExp(`^${prefix.replace('.', '\\.')}[A-Z]`));
			const found = await jsonOf({
				node: 'imap4Message',
				operation: 'getMany',
				...account,
				parameters: { mailbox: byRole },
			});
			expect(found).toHaveLength(1);
		},
	);

	test('a path that does not exist is refused with the one that would be made', async () => {
		const { account } = await filled({});
		const { message, description } = await errorOf({
			node: 'imap4Message',
			operation: 'getMany',
			...account,
			parameters: { mailbox: box('No/Such') },
		});
		expect(`${message} ${description}`).toContain(named('No/Such'));
	});
}
