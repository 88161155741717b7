/**
 * The workflows of workflows/ that look after quotas, access rights and holds, in a full n8n, each on
 * fresh accounts of Dovecot, or of Cyrus where it takes annotations or an administrator; what they did
 * is looked at over a connection of the tests' own.
 */
import { expect, test } from 'vitest';
import {
	actingAsOthers,
	connection,
	contents,
	cyrusAdmin,
	fill,
	freshName,
	loggedIn,
	messageIds,
	onCyrus,
	onDovecot,
} from './mail-accounts';
import { WorkflowRuns, workflowOn } from './workflow-runs';

const runs = WorkflowRuns.ofThisFile();

workflowOn('Cyrus')('quota-alert', () => {
	const account = onCyrus();
	const run = runs.add('quota-alert', { logIn: loggedIn(account) });
	const kilobytes = (count: number) =>
		'a line of 64 octets, its end included, as often as needed. ....\r\n'.repeat(count * 16);

	test('alerts when a step is crossed, once, and again after it was left', async () => {
		await fill(account, { INBOX: [] });
		await using admin = await connection(cyrusAdmin());
		await admin.setQuota(`user/${account.user}`, { STORAGE: 100 });
		const alerts = async () => {
			const outcome = await run();
			expect(outcome.error).toBeUndefined();
			return outcome.items('Send the Alert').map(({ step, resource }) => ({ step, resource }));
		};
		expect(await alerts()).toEqual([]);
		await fill(account, { INBOX: [{ subject: 'large', body: kilobytes(84) }] });
		expect(await alerts()).toEqual([{ step: 80, resource: 'STORAGE' }]);
		expect(await alerts()).toEqual([]);
		await fill(account, { INBOX: [{ subject: 'more', body: kilobytes(12) }] });
		expect(await alerts()).toEqual([{ step: 95, resource: 'STORAGE' }]);

		await using imap = await connection(account);
		await imap.open('INBOX');
		await imap.selected.bySequenceNumber.store('1:*', '+FLAGS', ['\\Deleted']);
		await imap.selected.expunge();
		expect(await alerts()).toEqual([]);
		await fill(account, { INBOX: [{ subject: 'large again', body: kilobytes(84) }] });
		expect(await alerts()).toEqual([{ step: 80, resource: 'STORAGE' }]);
	});
});

workflowOn('Cyrus')('bulk-quota-change', () => {
	const [one, two] = [onCyrus(), onCyrus()];
	const logIn = loggedIn(cyrusAdmin());
	const quotas = [one, two].map(({ user }, index) => ({
		root: `user/${user}`,
		storageInMB: (index + 1) * 10,
	}));
	const asShipped = runs.add('bulk-quota-change', { logIn, settings: { quotas } });
	const tooMany = runs.add('bulk-quota-change', {
		logIn,
		settings: { quotas, dryRun: false, stopIfMoreThan: 1 },
	});
	const tooSmall = runs.add('bulk-quota-change', {
		logIn,
		settings: { quotas: [{ root: quotas[0]?.root, storageInMB: 0 }], dryRun: false },
	});
	const real = runs.add('bulk-quota-change', { logIn, settings: { quotas, dryRun: false } });

	test('sets the limits of the table, keeps others, and does so once', async () => {
		await fill(one, { INBOX: [{ subject: 'something', body: 'x'.repeat(3000) }] });
		await fill(two, { INBOX: [] });
		await using admin = await connection(cyrusAdmin());
		for (const { root } of quotas) await admin.setQuota(root, { STORAGE: 5000, MESSAGE: 77 });
		const limits = async () => {
			const found = [];
			for (const { root } of quotas) {
				const { resources } = await admin.getQuota(root);
				found.push(Object.fromEntries(resources.map(({ name, limit }) => [name, limit])));
			}
			return found;
		};
		const before = [
			{ STORAGE: 5000, MESSAGE: 77 },
			{ STORAGE: 5000, MESSAGE: 77 },
		];
		expect(await limits()).toEqual(before);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('Change Quotas')).toMatchObject([
			{ dryRun: true, limits: { STORAGE: 10_240, MESSAGE: 77 } },
			{ dryRun: true, limits: { STORAGE: 20_480, MESSAGE: 77 } },
		]);
		expect((await tooMany()).error).toMatch(/^Stop Before Anything Is Changed: .*2 would change/);
		expect((await tooSmall()).error).toContain(`${quotas[0]?.root} (`);
		expect(await limits()).toEqual(before);

		expect((await real()).error).toBeUndefined();
		expect(await limits()).toEqual([
			{ STORAGE: 10_240, MESSAGE: 77 },
			{ STORAGE: 20_480, MESSAGE: 77 },
		]);
		const again = await real();
		expect(again.error).toBeUndefined();
		expect(again.hasRun('Change Quotas')).toBe(false);
	});
});

workflowOn('Dovecot')('acl-audit', () => {
	const [account, other] = [onDovecot(), onDovecot()];
	const run = runs.add('acl-audit', {
		logIn: loggedIn(account),
		settings: {
			wanted: [
				{ mailbox: 'Projects', identifier: 'bert', rights: 'srl' },
				{ mailbox: 'Projects', identifier: 'carla', rights: 'lrs' },
				{ mailbox: 'Projects', identifier: 'dora', rights: 'lrswi' },
			],
			ignoredIdentifiers: ['owner', account.user],
		},
	});

	test('reports what is missing, wrong and too much, and is silent about the rest', async () => {
		await fill(account, { Projects: [], Private: [] });
		await using imap = await connection(account);
		await imap.setAcl('Projects', 'bert', 'lrs');
		await imap.setAcl('Projects', 'dora', 'lrste');
		await imap.setAcl('Private', 'emil', 'lr');
		await fill(other, { Box: [] });
		await using owner = await connection(other);
		await owner.setAcl('Box', account.user, 'lr');
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		const differences = outcome.items('Report the Differences');
		expect(new Set(differences)).toEqual(
			new Set([
				{
					problem: 'missing',
					mailbox: 'Projects',
					identifier: 'carla',
					wanted: 'lrs',
					actual: '',
				},
				{
					problem: 'wrong',
					mailbox: 'Projects',
					identifier: 'dora',
					wanted: 'ilrsw',
					actual: 'elrst',
				},
				{ problem: 'extra', mailbox: 'Private', identifier: 'emil', wanted: '', actual: 'lr' },
				{
					problem: 'unreadable',
					mailbox: `shared/${other.user}/Box`,
					identifier: '',
					wanted: '',
					actual: expect.stringContaining('the server says') as string,
				},
			]),
		);
	});
});

workflowOn('Dovecot')('bulk-grant-and-revoke', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const changes = [
		{ mailbox: 'Projects', identifier: 'bert', rights: 'lrs', action: 'grant' },
		{ mailbox: 'Projects', identifier: 'carla', rights: 'wi', action: 'revoke' },
		{ mailbox: 'Projects', identifier: 'dora', rights: 'lrs', action: 'revoke' },
	];
	const asShipped = runs.add('bulk-grant-and-revoke', { logIn, settings: { changes } });
	const mistyped = runs.add('bulk-grant-and-revoke', {
		logIn,
		settings: { changes: [...changes, { ...changes[0], action: 'revok' }], dryRun: false },
	});
	const real = runs.add('bulk-grant-and-revoke', { logIn, settings: { changes, dryRun: false } });

	test('grants and revokes what the table says, and does so once', async () => {
		await fill(account, { Projects: [] });
		await using imap = await connection(account);
		await imap.setAcl('Projects', 'carla', 'lrswi');
		await imap.setAcl('Projects', 'dora', 'lrs');
		const given = async () => {
			const entries = await imap.getAcl('Projects');
			return Object.fromEntries(
				entries
					.filter(({ identifier }) => ['bert', 'carla', 'dora'].includes(identifier))
					.map(({ identifier, rights }) => [identifier, [...rights].sort().join('')]),
			);
		};
		const before = { carla: 'ilrsw', dora: 'lrs' };
		expect(await given()).toEqual(before);
		expect((await asShipped()).items('Grant or Revoke')).toMatchObject([
			{ dryRun: true, identifier: 'bert', mode: 'add' },
			{ dryRun: true, identifier: 'carla', mode: 'remove' },
			{ dryRun: true, identifier: 'dora', mode: 'remove' },
		]);
		expect((await mistyped()).error).toMatch(/^Stop Before Anything Is Changed: .*"revok"/);
		expect(await given()).toEqual(before);

		expect((await real()).error).toBeUndefined();
		const after = { bert: 'lrs', carla: 'lrs' };
		expect(await given()).toMatchObject(after);
		const again = await real();
		expect(again.items('Grant or Revoke').map(({ changed }) => changed)).toEqual([
			false,
			false,
			false,
		]);
		expect(await given()).toMatchObject(after);
	});
});

workflowOn('Cyrus')('provision-shared-mailbox', () => {
	const [reader, writer] = [onCyrus(), onCyrus()];
	const team = `Team ${freshName()}`;
	const logIn = loggedIn(cyrusAdmin());
	const proxy = actingAsOthers();
	const run = runs.add('provision-shared-mailbox', {
		logIn: (node) => (node === 'Subscribe as the Member' ? proxy : logIn()),
		settings: {
			mailbox: team,
			nameForMembers: `Shared Folders/${team}`,
			quotaRoot: team,
			storageInMB: 7,
			members: [
				{ user: reader.user, rights: 'lrs' },
				{ user: writer.user, rights: 'lrswipkte' },
			],
		},
	});

	test('creates it, limits it, lets the members in and no others, and subscribes as them', async () => {
		for (const member of [reader, writer]) await fill(member, { INBOX: [] });
		const look = async () => {
			await using admin = await connection(cyrusAdmin());
			const entries = await admin.getAcl(team);
			const rights = Object.fromEntries(
				entries.map(({ identifier, rights }) => [identifier, rights]),
			);
			return { rights, limits: (await admin.getQuota(team)).resources };
		};
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		const made = await look();
		expect(made.limits).toMatchObject([{ name: 'STORAGE', limit: 7 * 1024 }]);
		expect(Object.keys(made.rights)).toEqual(expect.arrayContaining([reader.user, writer.user]));
		expect(made.rights).not.toHaveProperty('anyone');
		for (const member of [reader, writer]) {
			await using imap = await connection(member);
			const subscribed = (await imap.lsub()).map(({ name }) => name);
			expect(subscribed).toContain(`Shared Folders/${team}`);
		}
		await using allowed = await connection(writer);
		await allowed.append(`Shared Folders/${team}`, Buffer.from('Subject: Hi\r\n\r\nHi\r\n'));
		await using refused = await connection(reader);
		const append = refused.append(`Shared Folders/${team}`, Buffer.from('Subject: No\r\n\r\n\r\n'));
		await expect(append).rejects.toMatchObject({ code: 'NO' });

		expect((await run()).error).toBeUndefined();
		expect((await look()).rights).toEqual(made.rights);
	});
});

workflowOn('Cyrus')('legal-hold-and-retention', () => {
	const account = onCyrus();
	const logIn = loggedIn(account);
	const settings = {
		retentionDays: 100,
		exempt: ['Drafts'],
		putUnderHold: ['Case'],
		holdEntry: '/shared/comment',
	};
	const asShipped = runs.add('legal-hold-and-retention', { logIn, settings });
	const mistyped = runs.add('legal-hold-and-retention', {
		logIn,
		settings: { ...settings, dryRun: false, putUnderHold: ['Cases'] },
	});
	const real = runs.add('legal-hold-and-retention', {
		logIn,
		settings: { ...settings, dryRun: false },
	});
	const later = runs.add('legal-hold-and-retention', {
		logIn,
		settings: { ...settings, dryRun: false, putUnderHold: [] },
	});

	test('deletes what is too old, but nothing under hold, then and later', async () => {
		const old = { subject: 'old', age: 200 };
		await fill(account, {
			INBOX: [old, { subject: 'new', age: 20 }],
			Drafts: [old],
			Case: [old],
			'Case/Evidence': [old],
			Casework: [old],
		});
		await using imap = await connection(account);
		const before = await contents(account);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		const line = (mailbox: string, state: string, messages: number) =>
			expect.objectContaining({ mailbox, state, messages }) as object;
		expect(looked.items('Report')).toEqual(
			expect.arrayContaining([
				line('INBOX', 'would be deleted', 1),
				line('Casework', 'would be deleted', 1),
				line('Drafts', 'exempt', 0),
				line('Case', 'held', 0),
				line('Case/Evidence', 'held', 0),
			]),
		);
		expect((await mistyped()).error).toMatch(/^Stop Before Anything Is Deleted: .*Cases/);
		expect(await contents(account)).toEqual(before);
		const mark = async () =>
			(await imap.getMetadata('Case', ['/shared/comment'])).values['/shared/comment'];
		expect(await mark()).toBeNull();

		expect((await real()).error).toBeUndefined();
		const left = { INBOX: ['new'], Drafts: ['old'], Case: ['old'], 'Case/Evidence': ['old'] };
		expect(await messageIds(account)).toEqual(left);
		expect(await mark()).toMatch(/^hold since \d{4}-/);

		expect((await later()).items('Report')).toContainEqual(line('Case/Evidence', 'held', 0));
		expect(await messageIds(account)).toEqual(left);
	});
});

workflowOn('Dovecot')('legal-hold-and-retention as shipped', () => {
	const [account, other] = [onDovecot(), onDovecot()];
	const run = runs.add('legal-hold-and-retention', {
		logIn: loggedIn(account),
		settings: { dryRun: false, retentionDays: 100, exempt: [], putUnderHold: ['Case'] },
	});

	test("its annotation holds, and other users' mailboxes are nothing to it", async () => {
		const old = { subject: 'old', age: 200 };
		await fill(account, { INBOX: [old], Case: [old] });
		await fill(other, { Box: [old] });
		await using owner = await connection(other);
		await owner.setAcl('Box', account.user, 'lrswipkte');
		const theirs = `shared/${other.user}/Box`;
		expect(await messageIds(account)).toEqual({ INBOX: ['old'], Case: ['old'], [theirs]: ['old'] });
		const outcome = await run();
		expect(outcome.error).toBeUndefined();
		expect(outcome.items('Report').map(({ mailbox }) => mailbox)).not.toContain(theirs);
		expect(await messageIds(account)).toEqual({ Case: ['old'], [theirs]: ['old'] });
	});
});
