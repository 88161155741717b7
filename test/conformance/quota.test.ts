import { expect, test } from 'vitest';
import { largeMessage } from './messages';
import { leaveOut, needs } from './needs';
import { onEachServer } from './on-each-server';

onEachServer((bench) => {
	test('GETQUOTAROOT and GETQUOTA tell usage and limit [parity: getquotaroot, getquota]', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		await imap.append('INBOX', largeMessage(50 * 1024));
		const { roots, quotas } = await imap.getQuotaRoot();
		expect(roots).toHaveLength(1);
		expect(quotas.map(({ root }) => root)).toEqual(roots);
		const storage = quotas[0]?.resources.find(({ name }) => name === 'STORAGE');
		expect(storage?.usage).toBeGreaterThanOrEqual(50);
		expect(storage?.usage).toBeLessThan(60);
		expect(storage?.limit).toBeGreaterThan(1000);
		expect(await imap.getQuota(roots[0])).toEqual(quotas[0]);
	});

	test('several at once: each gets its own answer', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		const [root = ''] = (await imap.getQuotaRoot()).roots;
		const [one, two, three] = await Promise.all([
			imap.getQuota(root),
			imap.getQuotaRoot(),
			imap.getQuota(root),
		]);
		expect(two).toEqual({ roots: [root], quotas: [one] });
		expect(three).toEqual(one);
	});

	test('a root that does not exist is refused', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		await expect(imap.getQuota('no such root')).rejects.toMatchObject({
			code: 'NO',
			command: 'GETQUOTA',
		});
	});

	test('SETQUOTA by an administrator [parity: setquota]', async (context) => {
		const { admin } = bench.running;
		if (!admin) return leaveOut(context, 'nobody may set quotas here');
		const { imap } = await bench.logIn(admin());
		needs(context, imap, 'QUOTA');
		if (bench.name === 'Cyrus') {
			const { account, imap: own } = await bench.logIn();
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
		const [root = ''] = (await imap.getQuotaRoot()).roots;
		await imap.setQuota(root, { STORAGE: 512 });
		// Dovecot knows the new limit from the next login on.
		const { imap: next } = bench.name === 'Dovecot' ? { imap } : { imap };
		await next.getQuota(root);
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
		expect((await imap.getQuota(root)).resources[0]?.limit).not.toBe(1);
	});

	test('what is no limit is not sent', async (context) => {
		const { imap, sent } = await bench.logIn();
		needs(context, imap, 'QUOTA');
		const before = sent.length;
		for (const limits of [{ STORAGE: -1 }, { STORAGE: 1.5 }, { 'A B': 1 }, { 'X)\r\n': 1 }])
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
