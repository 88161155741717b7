/** The workflow unsubscribe-newsletters in a full n8n, on Dovecot, with a web server of the tests' own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { wholeLetter } from './letters';
import { contents, fill, loggedIn, messageIds, onDovecot } from './mail-accounts';
import { WorkflowRuns, workflowOn } from './workflow-runs';

const certificates = inject('certificates');
const folder = mkdtempSync(join(tmpdir(), 'authority-'));
writeFileSync(join(folder, 'ca.pem'), certificates.ca);

interface Asked {
	method: string;
	path: string;
	body: string;
	type: string;
}

const asked: Asked[] = [];
let web: Server;
beforeAll(async () => {
	web = createServer(certificates.server, (request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { method = '', url: path = '', headers } = request;
			const body = Buffer.concat(chunks).toString();
			asked.push({ method, path, body, type: headers['content-type'] ?? '' });
			if (path.startsWith('/elsewhere')) response.writeHead(302, { location: '/redirected' }).end();
			else response.writeHead(path.startsWith('/gone') ? 410 : 200).end('done');
		});
	});
	await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	await new Promise((resolve) => web.close(resolve));
	rmSync(folder, { recursive: true, force: true });
});

const runs = WorkflowRuns.ofThisFile({
	settings: { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
});

const ONE_CLICK = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click';
const SIGNED = 'Authentication-Results: mx.mail.example; dkim=pass header.d=news.example';

workflowOn('Dovecot')('unsubscribe-newsletters', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const allowed = { allowedHosts: ['127.0.0.1'] };
	const asShipped = runs.add('unsubscribe-newsletters', { logIn, settings: allowed });
	const withoutHosts = runs.add('unsubscribe-newsletters', { logIn, settings: { dryRun: false } });
	const real = runs.add('unsubscribe-newsletters', {
		logIn,
		settings: { ...allowed, dryRun: false },
	});

	test('asks where one click is enough and the sender is proven, once, and leaves the rest', async () => {
		const { port } = web.address() as AddressInfo;
		const at = (path: string) => `List-Unsubscribe: <https://127.0.0.1:${port}${path}>`;
		const newsletter = (subject: string, ...header: string[]) => ({
			subject: '',
			raw: wholeLetter({ subject, from: 'news@news.example', header }),
		});
		await fill(account, {
			INBOX: [newsletter('wanted', at('/wanted'), ONE_CLICK, SIGNED)],
			Unsubscribe: [
				newsletter('one click', at('/leave?id=17&list=a'), ONE_CLICK, SIGNED),
				newsletter('no field'),
				newsletter('by mail', 'List-Unsubscribe: <mailto:leave@news.example>', SIGNED),
				newsletter('by browser', at('/page'), SIGNED),
				newsletter('not encrypted', 'List-Unsubscribe: <http://127.0.0.1/x>', ONE_CLICK, SIGNED),
				newsletter('not signed', at('/unsigned'), ONE_CLICK),
				newsletter('gone', at('/gone'), ONE_CLICK, SIGNED),
				newsletter('elsewhere', at('/elsewhere'), ONE_CLICK, SIGNED),
				newsletter('nobody', 'List-Unsubscribe: <https://127.0.0.1:9/x>', ONE_CLICK, SIGNED),
			],
		});
		const before = await contents(account);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		const subjects = (items: ReadonlyArray<{ subject?: unknown }>) =>
			items.map(({ subject }) => subject);
		const would = ['one click', 'gone', 'elsewhere', 'nobody'];
		expect(subjects(looked.items('What Would Be Asked'))).toEqual(would);
		expect(looked.items('Do It Yourself').map(({ subject, reason }) => [subject, reason])).toEqual([
			['no field', 'It does not say how to unsubscribe'],
			['by mail', 'It cannot be done by one click'],
			['by browser', 'It cannot be done by one click'],
			['not encrypted', 'It cannot be done by one click'],
			['not signed', 'Your server found no DKIM signature that holds'],
		]);
		expect((await withoutHosts()).hasRun('Ask to Unsubscribe')).toBe(false);
		expect(asked).toEqual([]);
		expect(await contents(account)).toEqual(before);

		const done = await real();
		expect(done.error).toBeUndefined();
		const request = {
			method: 'POST',
			body: 'List-Unsubscribe=One-Click',
			type: expect.stringMatching(/^application\/x-www-form-urlencoded/) as string,
		};
		expect(asked).toEqual([
			{ ...request, path: '/leave?id=17&list=a' },
			{ ...request, path: '/gone' },
			{ ...request, path: '/elsewhere' },
		]);
		expect(done.items('Refused')).toMatchObject([
			{ subject: 'gone', answer: '410' },
			{ subject: 'elsewhere', answer: '302' },
			{ subject: 'nobody', answer: expect.stringMatching(/connect|refused/i) as string },
		]);
		const left = await messageIds(account);
		expect(left.Unsubscribed).toEqual(['one-click']);
		expect(left.Unsubscribe).toHaveLength(8);
		expect(left.INBOX).toEqual(['wanted']);
	});

	const hosts = onDovecot();
	const ofHosts = runs.add('unsubscribe-newsletters', { logIn: loggedIn(hosts) });
	test('asks public web servers only', async () => {
		const urls = [
			'https://news.example.com/u?a=b',
			'https://news.example.com:443',
			'https://127.0.0.1/x',
			'https://2130706433/x',
			'https://0x7f.1/x',
			'https://[::1]/x',
			'https://localhost/x',
			'https://printer.local/x',
			'https://news.example.com:8443/x',
			'https://news.example.com@127.0.0.1/x',
			'https://news.example.com\\@127.0.0.1/x',
			'https://db.internal?x',
		];
		await fill(hosts, {
			Unsubscribe: urls.map((url, index) => ({
				subject: '',
				raw: wholeLetter({
					subject: `${index}`,
					header: [`List-Unsubscribe: <${url}>`, ONE_CLICK, SIGNED],
				}),
			})),
		});
		const outcome = await ofHosts();
		expect(outcome.error).toBeUndefined();
		const passed = outcome.items('What Would Be Asked').map(({ subject }) => subject);
		expect(passed).toEqual(['0', '1']);
		expect(outcome.items('Do It Yourself')).toHaveLength(urls.length - 2);
	});
});
