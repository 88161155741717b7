import { test } from 'vitest';
import { onEachServer } from './on-each-server';
onEachServer((bench) => {
	test('x', async ({ skip }) => {
		if (bench.name !== 'Cyrus') return skip('');
		const { account, imap: own } = await bench.logIn();
		const log: string[] = [];
		const { imap } = await bench.logIn(bench.running.admin!(), { trace: (e) => log.push(e.direction + ' ' + e.text) });
		console.log(await own.getQuotaRoot());
		console.log(await own.list());
		console.log(await imap.list('', '*'));
		console.log(await imap.getQuotaRoot(`user/${account.user}`).catch(String));
		console.log(await imap.setQuota(`user/${account.user}`, { STORAGE: 4 }).catch(String));
		console.log(await imap.setQuota(`user.${account.user}`, { STORAGE: 4 }).catch(String));
		console.log(await own.getQuotaRoot());
		console.log(await own.listRights('Sent', 'bob'));
		console.log(log.join('\n'));
	});
});
