/**
 * `npm run docs:screenshots`: the pictures of README and docs, taken of the workflow as it runs in
 * n8n's own editor. Needs a Chromium at CHROMIUM, /usr/bin/chromium by default.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { MemoryServer } from '../../test/server';
import { credentialOf, withCredential, type Account } from '../account';
import { step } from '../progress';
import { seedDemoAccount } from '../seed';
import { readWorkflow } from '../workflows';
import { RealN8n } from './real-n8n';

const IMAGES = join(__dirname, '../../docs/images');
const WORKFLOW = 'archive-by-year';
const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
];

async function takePictures(n8n: RealN8n): Promise<void> {
	const profile = mkdtempSync(join(tmpdir(), 'n8n-nodes-imap4-chromium-'));
	const owner = {
		email: 'demo@mail.example',
		firstName: 'Demo',
		lastName: 'Owner',
		password: `Demo1-${randomBytes(6).toString('hex')}`,
	};
	await step("Starting n8n's editor", () => n8n.startEditor(owner));
	const browser = await chromium.launchPersistentContext(profile, {
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: QUIET,
		viewport: { width: 1500, height: 850 },
	});
	try {
		const headers = { 'browser-id': 'n8n-nodes-imap4-screenshots' };
		await browser.setExtraHTTPHeaders(headers);
		await browser.request.post(`${n8n.address}/rest/login`, {
			data: { emailOrLdapLoginId: owner.email, password: owner.password },
			headers,
		});
		const page = await browser.newPage();
		await page.addInitScript(() =>
			localStorage.setItem('n8n-browserId', 'n8n-nodes-imap4-screenshots'),
		);
		await page.goto(`${n8n.address}/workflow/${WORKFLOW}`);
		await page.locator('[data-test-id="canvas-node"]').first().waitFor();
		await page.locator('[data-test-id="execute-workflow-button"]').first().click();
		await page.getByText('Workflow executed successfully').first().waitFor({ timeout: 60_000 });
		await page
			.locator('[data-test-id="fit-to-view"], button[aria-label="Zoom to fit"]')
			.first()
			.click()
			.catch(() => undefined);
		await page.waitForTimeout(1500);
		mkdirSync(IMAGES, { recursive: true });
		await page.screenshot({ path: join(IMAGES, 'first-flow.png') });
		await page
			.locator('[data-test-id="canvas-node"]')
			.filter({ hasText: 'Move into Archive' })
			.dblclick();
		await page.locator('[data-test-id="ndv"]').first().waitFor();
		await page.waitForTimeout(2000);
		await page.screenshot({ path: join(IMAGES, 'move-node.png') });
	} finally {
		await browser.close();
		rmSync(profile, { recursive: true, force: true });
	}
}

async function main(): Promise<void> {
	const { installN8n } = await import('../../scripts/n8n-install.mjs');
	const n8n = await RealN8n.prepare(await installN8n());
	const server = await MemoryServer.start();
	const account: Account = {
		host: server.host,
		port: server.port,
		security: 'none',
		user: 'demo@mail.example',
		password: randomBytes(9).toString('base64url'),
	};
	try {
		await seedDemoAccount(server.addAccount(account.user, account.password), new Date());
		const credential = credentialOf(account, 'imap4DemoAccount', 'Demo mail account');
		await n8n.importCredentials([credential]);
		await n8n.importWorkflows([
			{ ...withCredential(readWorkflow(WORKFLOW), credential), id: WORKFLOW },
		]);
		await takePictures(n8n);
	} finally {
		await n8n.dispose();
		await server.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
