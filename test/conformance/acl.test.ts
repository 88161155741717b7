import { expect, test } from 'vitest';
import { needs } from './needs';
import { onEachServer } from './on-each-server';

/** Each right that a letter stands for, whatever their order, without those of RFC 2086. */
function letters(rights: string | undefined): string {
	return [...(rights ?? '')]
		.filter((one) => !'cd'.includes(one))
		.sort()
		.join('');
}

onEachServer((bench) => {
	/** Cyrus has the right to annotate, `n` (RFC 5257), beside those of RFC 4314. */
	const all = bench.name === 'Cyrus' ? 'aeiklnprstwx' : 'aeiklprstwx';

	test('the owner may do everything [parity: myrights]', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		expect(letters(await imap.myRights('INBOX'))).toBe(all);
	});

	test('SETACL, GETACL, DELETEACL [parity: setacl, getacl, deleteacl]', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const { user: other } = (await bench.logIn()).account;
		await imap.create('Shared box');
		const rightsOfOther = async (): Promise<string | undefined> => {
			const list = await imap.getAcl('Shared box');
			return list.find(({ identifier }) => identifier === other)?.rights;
		};
		await imap.setAcl('Shared box', other, 'lr');
		expect(letters(await rightsOfOther())).toBe('lr');
		await imap.setAcl('Shared box', other, '+sw');
		expect(letters(await rightsOfOther())).toBe('lrsw');
		await imap.setAcl('Shared box', other, '-w');
		expect(letters(await rightsOfOther())).toBe('lrs');
		await imap.setAcl('Shared box', other, 'i');
		expect(letters(await rightsOfOther())).toBe('i');
		await imap.deleteAcl('Shared box', other);
		expect(await rightsOfOther()).toBeUndefined();
	});

	test('an identifier with a minus takes rights away', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const { user: other } = (await bench.logIn()).account;
		await imap.create('Minus');
		await imap.setAcl('Minus', `-${other}`, 'lr');
		expect(await imap.getAcl('Minus')).toContainEqual({
			identifier: `-${other}`,
			rights: expect.stringMatching(/^(lr|rl)$/) as string,
		});
		await imap.deleteAcl('Minus', `-${other}`);
		expect((await imap.getAcl('Minus')).map(({ identifier }) => identifier)).not.toContain(
			`-${other}`,
		);
	});

	test('anyone is an identifier like others', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		await imap.create('Open');
		await imap.setAcl('Open', 'anyone', 'l');
		expect(await imap.getAcl('Open')).toContainEqual({ identifier: 'anyone', rights: 'l' });
	});

	test('LISTRIGHTS [parity: listrights]', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		const { user: other } = (await bench.logIn()).account;
		await imap.create('Possible');
		const possible = await imap.listRights('Possible', other);
		expect(possible).toMatchObject({ mailbox: 'Possible', identifier: other });
		const rights = letters([possible.required, ...possible.optional].join(''));
		// Cyrus has ten rights for whatever a site wants them for.
		expect(rights.replace(/\d/g, '')).toBe(all);
	});

	test('names and identifiers of every kind', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		await imap.create('Gr\u00fc\u00dfe & more');
		const rights = await imap.myRights('Gr\u00fc\u00dfe & more');
		expect(letters(rights)).toBe(all);
		const list = await imap.getAcl('Gr\u00fc\u00dfe & more');
		expect(list.length).toBeGreaterThanOrEqual(bench.name === 'in-memory' ? 0 : 1);
	});

	test('several at once: each gets its own answer', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		await Promise.all(['One', 'Two', 'Three'].map((name) => imap.create(name)));
		const { user: other } = (await bench.logIn()).account;
		await imap.setAcl('Two', other, 'l');
		const lists = await Promise.all(['One', 'Two', 'Three'].map((name) => imap.getAcl(name)));
		const has = lists.map((list) => list.some(({ identifier }) => identifier === other));
		expect(has).toEqual([false, true, false]);
		const rights = await Promise.all(['One', 'Two', 'Three'].map((name) => imap.myRights(name)));
		expect(rights.map(letters)).toEqual([all, all, all]);
	});

	test('a mailbox that does not exist is refused', async (context) => {
		const { imap } = await bench.logIn();
		needs(context, imap, 'ACL');
		await expect(imap.getAcl('Nowhere')).rejects.toMatchObject({ code: 'NO', command: 'GETACL' });
		// Dovecot tells the rights one would have.
		if (bench.name !== 'Dovecot')
			await expect(imap.myRights('Nowhere')).rejects.toMatchObject({ command: 'MYRIGHTS' });
		await expect(imap.setAcl('Nowhere', 'anyone', 'l')).rejects.toMatchObject({
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
