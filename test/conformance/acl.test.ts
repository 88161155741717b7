import { expect, test } from 'vitest';
import { needs } from './needs';
import type { Bench } from './on-each-server';
import { onEachServer } from './on-each-server';

/** Each right that a letter stands for, whatever their order, without those of RFC 2086. */
function letters(rights: string | undefined): string {
	return [...(rights ?? '')]
		.filter((one) => !'cd'.includes(one))
		.sort()
		.join('');
}

onEachServer((bench) => {
	/** Those of RFC 4314. Cyrus has the right to annotate, `n` (RFC 5257), too; Courier those of RFC 2086. */
	const allOf: Partial<Record<Bench['name'], string>> = {
		Cyrus: 'aeiklnprstwx',
		Courier: 'ailrsw',
	};
	const all = allOf[bench.name] ?? 'aeiklprstwx';

	test('the owner may do everything', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		expect(letters(await imap.myRights('INBOX'))).toBe(all);
	});

	test('SETACL, GETACL, DELETEACL', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const { user: other } = (await bench.logIn()).account;
		const box = bench.mailbox('Shared box');
		await imap.createMailbox(box);
		const rightsOfOther = async (): Promise<string | undefined> => {
			const list = await imap.getAcl(box);
			return list.find(({ identifier }) => identifier === other)?.rights;
		};
		await imap.setAcl(box, other, 'lr');
		expect(letters(await rightsOfOther())).toBe('lr');
		await imap.setAcl(box, other, '+sw');
		expect(letters(await rightsOfOther())).toBe('lrsw');
		await imap.setAcl(box, other, '-w');
		expect(letters(await rightsOfOther())).toBe('lrs');
		await imap.setAcl(box, other, 'i');
		expect(letters(await rightsOfOther())).toBe('i');
		await imap.deleteAcl(box, other);
		expect(await rightsOfOther()).toBeUndefined();
	});

	test('an identifier with a minus takes rights away', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const { user: other } = (await bench.logIn()).account;
		const box = bench.mailbox('Minus');
		await imap.createMailbox(box);
		await imap.setAcl(box, `-${other}`, 'lr');
		expect(await imap.getAcl(box)).toContainEqual({
			identifier: `-${other}`,
			rights: expect.stringMatching(/^(lr|rl)$/) as string,
		});
		await imap.deleteAcl(box, `-${other}`);
		expect((await imap.getAcl(box)).map(({ identifier }) => identifier)).not.toContain(`-${other}`);
	});

	test('anyone is an identifier like others', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const box = bench.mailbox('Open');
		await imap.createMailbox(box);
		await imap.setAcl(box, 'anyone', 'l');
		expect(await imap.getAcl(box)).toContainEqual({ identifier: 'anyone', rights: 'l' });
	});

	test('LISTRIGHTS', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const { user: other } = (await bench.logIn()).account;
		const box = bench.mailbox('Possible');
		await imap.createMailbox(box);
		const possible = await imap.listRights(box, other);
		expect(possible).toMatchObject({ mailbox: box, identifier: other });
		const rights = letters([possible.required, ...possible.optional].join(''));
		// Cyrus has ten rights for whatever a site wants them for; Courier gives an owner no `p`.
		expect(rights.replace(/\d/g, '')).toBe(bench.name === 'Courier' ? 'ailprsw' : all);
	});

	test('names and identifiers of every kind', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const box = bench.mailbox('Gr\u00fc\u00dfe & more');
		await imap.createMailbox(box);
		const rights = await imap.myRights(box);
		expect(letters(rights)).toBe(all);
		const list = await imap.getAcl(box);
		expect(list.length).toBeGreaterThanOrEqual(bench.name === 'in-memory' ? 0 : 1);
	});

	test('several at once: each gets its own answer', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const names = ['One', 'Two', 'Three'].map((name) => bench.mailbox(name));
		await Promise.all(names.map((name) => imap.createMailbox(name)));
		const { user: other } = (await bench.logIn()).account;
		await imap.setAcl(bench.mailbox('Two'), other, 'l');
		const lists = await Promise.all(names.map((name) => imap.getAcl(name)));
		const has = lists.map((list) => list.some(({ identifier }) => identifier === other));
		expect(has).toEqual([false, true, false]);
		const rights = await Promise.all(names.map((name) => imap.myRights(name)));
		expect(rights.map(letters)).toEqual([all, all, all]);
	});

	test('a mailbox that does not exist is refused', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const nowhere = bench.mailbox('Nowhere');
		await expect(imap.getAcl(nowhere)).rejects.toMatchObject({ code: 'NO', command: 'GETACL' });
		// Dovecot tells the rights one would have.
		if (bench.name !== 'Dovecot')
			await expect(imap.myRights(nowhere)).rejects.toMatchObject({ command: 'MYRIGHTS' });
		await expect(imap.setAcl(nowhere, 'anyone', 'l')).rejects.toMatchObject({
			command: 'SETACL',
		});
	});

	test('what are no rights is not sent', async (context) => {
		const { imap, sent } = await bench.logIn();
		needs(context, imap, 'ACL');
		const before = sent.length;
		for (const rights of ['LR', 'l r', '++l', 'l\r\n'])
			await expect(imap.setAcl('INBOX', 'anyone', rights)).rejects.toMatchObject({
				code: 'ARGUMENT',
			});
		expect(sent).toHaveLength(before);
	});

	test('where ACL is not offered, nothing is sent', async ({ skip }) => {
		const { imap, sent } = await bench.logIn();
		if (imap.capabilities.has('ACL')) return skip('ACL offered');
		const before = sent.length;
		for (const refused of [
			imap.getAcl('INBOX'),
			imap.myRights('INBOX'),
			imap.setAcl('INBOX', 'anyone', 'l'),
			imap.deleteAcl('INBOX', 'anyone'),
			imap.listRights('INBOX', 'anyone'),
		])
			await expect(refused).rejects.toMatchObject({ code: 'CAPABILITY' });
		expect(sent).toHaveLength(before);
	});
});
