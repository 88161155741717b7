/**
 * What a flow builder sees of the nodes for the first time, in n8n's editor: whether they are found, what their forms
 * show, what the first result looks like, and what an error says.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withCredential } from '../../demo/account';
import { chain } from '../../demo/n8n/chain';
import { Editor, type NodePanel } from '../../demo/n8n/editor';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import { readWorkflow } from '../../demo/workflows';
import { fill, PASSWORD, UID_VALIDITY, USER } from '../../docs/generator/example-account';
import { makeCertificates, type Certificates } from '../real/certificates';
import { MemoryServer, type Account } from '../server';
import { preparedN8n } from './prepared-n8n';
import { withBrowser } from './with-browser';

const MESSAGE = 'n8n-nodes-imap4.imap4Message';
withBrowser('at first sight', () => {
	let certificates: Certificates;
	let server: MemoryServer;
	let account: Account;
	let n8n: RealN8n;
	let rest: N8nRest;
	let editor: Editor;
	let credential: { id: string; name: string };

	beforeAll(async () => {
		certificates = await makeCertificates();
		server = await MemoryServer.start();
		account = server.addAccount(USER, PASSWORD);
		fill(account);
		n8n = await preparedN8n();
		rest = await n8n.startEditor();
		credential = await rest.request<{ id: string; name: string }>('POST', '/credentials', {
			name: 'Mail of Anna',
			type: 'imap4PlainApi',
			data: { host: server.host, port: server.port, user: USER, password: PASSWORD },
		});
		editor = await Editor.open(rest, { width: 1440, height: 1000 });
	});
	afterAll(async () => {
		await editor?.close();
		await n8n?.dispose();
		await server?.stop();
	});

	async function opened(type: string, parameters: object): Promise<NodePanel> {
		await editor.openWorkflow(
			await rest.addWorkflow(chain('Node', { name: 'Node', type, parameters })),
		);
		return editor.openNode('Node');
	}

	/** A step of IMAP4 Message with the account of the test. */
	const step = (name: string, parameters: object) => ({
		...{ name, type: MESSAGE },
		parameters: { authentication: 'plain', ...parameters },
		credentials: { imap4PlainApi: { id: credential.id, name: credential.name } },
	});
	/** Every message with its flags, by mailbox. */
	const contents = () =>
		Object.keys(UID_VALIDITY).map((name) => [
			name,
			account.mailbox(name).messages.map(({ uid, flags }) => [uid, ...flags].join(' ')),
		]);

	describe('the list of nodes', () => {
		test('has IMAP4 Message first for what people look for, and first of ours for "email"', async () => {
			const list = await editor.openNodeList();
			for (const words of [
				...['imap', 'inbox', 'draft', 'reply', 'newsletter', 'spam', 'mark as read'],
				...['receive email', 'get email', 'attachment'],
			]) {
				expect([words, (await list.search(words))[0]]).toEqual([words, 'IMAP4 Message']);
			}
			const ours = (await list.search('email')).filter((name) => name.startsWith('IMAP4'));
			expect(ours[0]).toBe('IMAP4 Message');
			expect(ours.filter((name) => name.startsWith('IMAP4 Message'))).toEqual([
				'IMAP4 Message',
				'IMAP4 Message Flags',
			]);
		});

		test('shows triggers and actions of IMAP4 Message together, as people call them', async () => {
			const list = await editor.openNodeList();
			await list.search('imap');
			const shown = await list.open('IMAP4 Message');
			expect(shown).toContain('Triggers (4)');
			expect(shown.indexOf('On message received')).toBeLessThan(shown.indexOf('On flags changed'));
			for (const action of [
				...['Mark messages as read', 'Mark messages as unread', 'Reply to messages'],
				...['Search for messages', 'Save attachments'],
			]) {
				expect(shown).toContain(action);
			}
		});
	});

	describe('the form', () => {
		test('asks what to do, then where, then which, and links to the page of the node', async () => {
			const node = await opened(MESSAGE, {});
			const fields = await node.fields();
			expect(fields.slice(0, 6)).toEqual([
				...['resource', 'operation', 'searchIn', 'mailbox', 'returnAll', 'limit'],
			]);
			const docs = node.locator.getByRole('link', { name: 'Docs' });
			// n8n puts its query behind the address.
			expect(await docs.getAttribute('href')).toMatch(/\/docs\/nodes\/message\.md(\?[^#]*)?$/);
		});

		test('of Create asks first whether it is a draft, which goes to the drafts', async () => {
			const node = await opened(MESSAGE, { operation: 'create', storeAs: 'draft' });
			expect((await node.fields()).slice(0, 4)).toEqual([
				...['resource', 'operation', 'storeAs', 'draftsMailbox'],
			]);
		});

		test('begins the filters with those that are used most', async () => {
			const node = await opened(MESSAGE, { operation: 'getMany' });
			expect((await node.offered(node.addTo())).slice(0, 5)).toEqual([
				...['From Contains', 'Subject Contains', 'Read Status', 'Received Since'],
				'Received Before',
			]);
		});

		test('begins the filters of attachments with names, and turns Include Inline on where it is added', async () => {
			const node = await opened(MESSAGE, { resource: 'attachment', operation: 'download' });
			expect((await node.offered(node.addTo())).slice(0, 2)).toEqual(['Names', 'Media Types']);
			await node.choose('Include Inline');
			await node.field('includeInline').locator('.el-switch.is-checked').waitFor();
		});

		test('asks for the unit of a quota, and suggests no limit for one that is added', async () => {
			const node = await opened('n8n-nodes-imap4.imap4Quota', { operation: 'set' });
			const limits = node.locator.locator('[data-test-id="parameter-input-limit"] input');
			// The one that the form begins with.
			await limits.first().waitFor();
			const before = await limits.count();
			await node.locator.locator('[data-test-id="fixed-collection-add"]').click();
			await limits.nth(before).waitFor();
			expect(['', '0']).toContain(await limits.nth(before).inputValue());
			expect(await node.offered(node.field('unit'))).toEqual(expect.arrayContaining(['MB', 'GB']));
		});

		test('finds a mailbox by what others call it, and offers those of the trigger as choices', async () => {
			const node = await opened(MESSAGE, {});
			await node.openMailboxList();
			await editor.page.locator('[data-test-id="rlc-search"]:visible').fill('spam');
			await node.mailboxes.filter({ hasText: 'Sent' }).waitFor({ state: 'detached' });
			await node.mailboxes.filter({ hasText: 'Junk (2 messages)' }).waitFor();

			const trigger = await opened('n8n-nodes-imap4.imap4MessageTrigger', {
				watch: 'several',
				mailboxes: ['Typed/before'],
			});
			await trigger.field('mailboxes').getByText('Typed/before').waitFor();
			const offered = await trigger.offered(trigger.field('mailboxes'));
			expect(offered).toEqual(expect.arrayContaining(['INBOX (5 messages)', 'Typed/before']));
		});

		test('of a tool names messages by reference', async () => {
			const node = await opened(`${MESSAGE}Tool`, { operation: 'get' });
			expect(await node.field('messages').locator('input').inputValue()).toBe('By Reference');
		});
	});

	test('the first result begins with subject, sender and date, and ends with the reference', async () => {
		const node = await opened(MESSAGE, {});
		await node.execute();
		const columns = (await node.output.locator('thead th').allInnerTexts()).map((text) =>
			text.trim(),
		);
		expect(columns.slice(0, 3)).toEqual(['subject', 'from', 'date']);
		expect(columns.filter((name) => name !== '').slice(-4)).toEqual([
			...['mailbox', 'uidValidity', 'uid', 'account'],
		]);
	});

	test.each([
		['archive-by-year', 'Move into Archive'],
		['purge-junk-and-trash', 'Purge'],
	] as const)(
		'the template %s changes nothing as it is imported, and says so',
		async (name, node) => {
			const before = contents();
			const own = { ...credential, type: 'imap4PlainApi', data: {} };
			const workflow = withCredential(readWorkflow(name), own);
			await editor.openWorkflow(await rest.addWorkflow(workflow));
			const note = editor.page.locator('[data-test-id="sticky"]');
			expect(await note.innerText()).toMatch(/dry ?run/i);
			await editor.executeWorkflow();
			expect(contents()).toEqual(before);
			const panel = await editor.openNode(node);
			await panel.output.getByText('dryRun').first().waitFor();
		},
	);

	test('after Copy and Move, "from" is the sender still, and "previous" is where the message was', async () => {
		const to = (path: string) => ({ __rl: true, mode: 'path', value: path });
		const id = await rest.addWorkflow(
			chain(
				'From',
				step('Search', { filters: { subject: 'Lunch' } }),
				step('Copy', {
					...{ operation: 'copy', destination: to('Archive/2023'), keepInputFields: true },
				}),
				step('Move', {
					...{ operation: 'move', destination: to('Archive'), keepInputFields: true },
				}),
			),
		);
		await editor.openWorkflow(id);
		const node = await editor.openNode('Move');
		await node.execute();
		const shown = await node.output.innerText();
		expect(shown).toMatch(/from\s[\s\S]*previous/);
		expect(shown).toContain('Bert Weber <bert@example.org>');
		expect(shown).toMatch(/mailbox\s*:\s*Archive\/2023/);
	});

	test('a digest of the last 24 hours leaves out what came 25 hours ago', async () => {
		const recent = account.create('Recent');
		for (const hours of [23, 25]) {
			const internalDate = new Date(Date.now() - hours * 3_600_000);
			recent.append(`Subject: ${hours} hours ago\r\n\r\nText\r\n`, { internalDate });
		}
		const filters = { since: '={{ $now.minus({ days: 1 }) }}' };
		const mailbox = { __rl: true, mode: 'path', value: 'Recent' };
		const node = await opened(MESSAGE, { mailbox, filters });
		const form = () => node.locator.innerText();
		await expect.poll(form, { timeout: 30_000 }).toMatch(/\[DateTime:\s+\d{4}-\d\d-\d\dT/);
		await node.execute();
		const shown = await node.output.innerText();
		expect(shown).toContain('23 hours ago');
		expect(shown).not.toContain('25 hours ago');
	});

	test('a filter that is empty is named as the form names it', async () => {
		const node = await opened(MESSAGE, { filters: { from: '={{ $json.nobody }}' } });
		expect(await node.executeAndFail()).toContain('The filter "From Contains" is empty');
	});

	test('a reply to what a search found is a draft of the same thread, in the drafts', async () => {
		const id = await rest.addWorkflow(
			chain(
				'Reply',
				step('Search', { filters: { subject: 'Lunch' } }),
				step('Reply', { operation: 'reply', text: 'Yes.' }),
			),
		);
		await editor.openWorkflow(id);
		await (await editor.openNode('Reply')).execute();
		const [draft] = account.mailbox('Drafts').messages;
		expect(draft?.flags).toContain('\\Draft');
		const text = draft?.octets.toString() ?? '';
		expect(text).toContain('In-Reply-To: <1.inbox@example.org>');
		expect(text).toContain('References: <1.inbox@example.org>');
	});

	describe('a credential', () => {
		test('shows no TLS fields before they are asked for, and above Client ID where it comes from', async () => {
			const dialog = await editor.newCredential('IMAP4 SSL/TLS API');
			const authority = dialog.locator.getByText('Certificate Authority (PEM)');
			expect(await authority.count()).toBe(0);
			await dialog.turnOn('tlsOptions');
			await authority.waitFor();

			const { locator } = await editor.newCredential('IMAP4 OAuth2 API');
			await locator.getByText('Client ID').first().waitFor();
			const shown = await locator.innerText();
			expect(shown.indexOf('First choose the provider')).toBeGreaterThan(-1);
			expect(shown.indexOf('First choose the provider')).toBeLessThan(shown.indexOf('Client ID'));
		});

		const tls = 'IMAP4 SSL/TLS API';
		const plain = 'IMAP4 Plain (Unencrypted) API';
		test.each<[string, string, keyof Certificates | undefined, RegExp]>([
			['of another host', tls, 'otherHost', /is for another host .*Enter the host .*Server Name/],
			['that has expired', tls, 'expired', /has expired\. The server's operator must renew it/],
			['that nobody vouches for', tls, 'selfSigned', /self-signed\. .*Pinned SHA-256/],
			['where none is expected', plain, 'server', /speaks TLS .*Use the SSL\/TLS credential/],
			['that is not there', tls, undefined, /does not speak TLS on this port\. .*port 993/],
		])('says what to do about a certificate %s', async (_name, type, identity, advice) => {
			const one = await MemoryServer.start(
				identity === undefined ? {} : { tls: certificates[identity] as Certificates['server'] },
			);
			try {
				const dialog = await editor.newCredential(type);
				await dialog.fill({ host: 'localhost', port: one.port, user: USER, password: PASSWORD });
				if (identity === 'otherHost' || identity === 'expired') {
					await dialog.turnOn('tlsOptions');
					await dialog.fill({ caCertificate: certificates.ca });
				}
				const { passed, text } = await dialog.save();
				expect(passed).toBe(false);
				expect(text).toMatch(advice);
			} finally {
				await one.stop();
			}
		});

		test('says that the password is empty', async () => {
			const dialog = await editor.newCredential(plain);
			await dialog.fill({ host: server.host, port: server.port, user: USER });
			expect((await dialog.save()).text).toContain(
				'The field "Password" of the credential is empty',
			);
		});
	});
});
