import { expect, test } from 'vitest';
import type { Imap4 } from '../../engine/index';
import { largeMessage } from './messages';
import { leaveOut, needs } from './needs';
import type { Client } from './on-each-server';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	/** The session that may ask for a quota by its root, whose name it is: on Cyrus only an administrator may. */
	async function asking({ imap, account }: Client): Promise<{ imap: Imap4; root: string }> {
		const { roots } = await imap.getQuotaRoot();
		if (bench.name !== 'Cyrus') return { imap, root: roots[0] ?? 'none' };
		const { imap: admin } = await bench.logIn(bench.running.admin?.());
		return { imap: admin, root: `user/${account.user}` };
	}

	test('GETQUOTAROOT and GETQUOTA tell usage and limit', async (context) => {
		const client = await bench.logIn();
		const { imap } = client;
		needs(context, imap, 'QUOTA');
		await imap.append('INBOX', largeMessage(50 * 1024));
		const { roots, quotas } = await imap.getQuotaRoot();
		expect(roots).toHaveLength(1);
		expect(quotas.map(({ root }) => root)).toEqual(roots);
		const storage = quotas[0]?.resources.find(({ name }) => name === 'STORAGE');
		expect(storage?.usage).toBeGreaterThanOrEqual(50);
		expect(storage?.usage).toBeLessThan(60);
		expect(storage?.limit).toBeGreaterThan(1000);
		const { imap: asked, root } = await asking(client);
		expect(await asked.getQuota(root)).toEqual({ ...quotas[0], root });
	});

	test('several at once: each gets its own answer', async (context) => {
		const client = await bench.logIn();
		needs(context, client.imap, 'QUOTA');
		const { imap, root } = await asking(client);
		const [one, two, three] = await Promise.all([
			imap.getQuota(root),
			imap.getQuotaRoot(bench.name === 'Cyrus' ? root : 'INBOX'),
			imap.getQuota(root),
		]);
		expect(two).toEqual({ roots: [root], quotas: [one] });
		expect(three).toEqual(one);
	});

	test('a root that does not exist is refused', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		const quota = imap.getQuota('no such root');
		// Courier says that nothing is limited, whatever the root.
		if (bench.name === 'Courier')
			expect(await quota).toEqual({ root: 'no such root', resources: [] });
		else await expect(quota).rejects.toMatchObject({ code: 'NO', command: 'GETQUOTA' });
	});

	test('SETQUOTA by an administrator', async (context) => {
		const { admin } = bench.running;
		if (!admin) return leaveOut(context, 'no administrator');
		const { imap } = await bench.logIn(admin());
		needs(context, imap, 'QUOTA');
		if (bench.name === 'Cyrus') {
			const { account, imap: own } = await bench.inbox();
			const root = `user/${account.user}`;
			expect(await imap.setQuota(root, { STORAGE: 512, MESSAGE: 100 })).toBeUndefined();
			const { quotas } = await own.getQuotaRoot();
			expect(quotas[0]?.resources).toEqual(
				expect.arrayContaining([
					{ name: 'STORAGE', usage: 0, limit: 512 },
					{ name: 'MESSAGE', usage: 0, limit: 100 },
				]),
			);
			// Resources that are not named lose their limit.
			await imap.setQuota(root, {});
			expect((await own.getQuotaRoot()).quotas[0]?.resources ?? []).toEqual([]);
			return;
		}
		const [root = 'none'] = (await imap.getQuotaRoot()).roots;
		const told = await imap.setQuota(root, { STORAGE: 512 });
		const { resources } = told ?? (await imap.getQuota(root));
		// Dovecot keeps the limit; its tests' configuration does not look it up at a login.
		const limit = bench.name === 'Dovecot' ? (expect.any(Number) as number) : 512;
		expect(resources).toContainEqual({ name: 'STORAGE', usage: 0, limit });
	});

	test('SETQUOTA by anybody else is refused, and the session goes on', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		const [root = ''] = (await imap.getQuotaRoot()).roots;
		await expect(imap.setQuota(root, { STORAGE: 1 })).rejects.toMatchObject({
			code: 'NO',
			command: 'SETQUOTA',
		});
		// Cyrus says "* BAD Invalid tag" before its next answer.
		const { quotas } = await imap.getQuotaRoot();
		expect(quotas[0]?.resources[0]?.limit).not.toBe(1);
	});

	test('what is no limit is not sent', async (context) => {
		const { imap, sent } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		const before = sent.length;
		const wrong: Record<string, number>[] = [
			{ STORAGE: -1 },
			{ STORAGE: 1.5 },
			{ 'A B': 1 },
			{ 'X)\r\n': 1 },
		];
		for (const limits of wrong)
			await expect(imap.setQuota('', limits)).rejects.toMatchObject({ code: 'ARGUMENT' });
		expect(sent).toHaveLength(before);
	});

	test('where QUOTA is not offered, nothing is sent', async ({ skip }) => {
		const { imap, sent } = await bench.logIn();
		if (imap.capabilities.has('QUOTA')) return skip('QUOTA offered');
		const before = sent.length;
		for (const refused of [imap.getQuota(), imap.getQuotaRoot(), imap.setQuota('', {})])
			await expect(refused).rejects.toMatchObject({ code: 'CAPABILITY' });
		expect(sent).toHaveLength(before);
	});
});
