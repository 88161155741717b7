/**
 * `npm run docs:screenshots`: the pictures of README and docs, taken of the workflow as it runs in
 * n8n's own editor. Needs a Chromium at CHROMIUM, /usr/bin/chromium by default.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../../test/real/certificates';
import { MemoryServer } from '../../test/server';
import { credentialOf, withCredential, type Account } from '../account';
import { step } from '../progress';
import { seedDemoAccount } from '../seed';
import { readWorkflow, withoutDryRun } from '../workflows';
import { chain } from './chain';
import { Editor } from './editor';
import { EmptyCanvas } from './empty-canvas';
import { RealN8n } from './real-n8n';
import { TASKS } from './tasks';

const IMAGES = join(__dirname, '../../docs/images');
const WORKFLOW = 'archive-by-year';
const READING = 'reading';
/** Bytes; readers on a slow line wait for each picture. */
const LARGEST = 150_000;

interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** @throws Error if the picture is larger than readers should have to load */
async function picture(editor: Editor, name: string, clip?: Clip): Promise<void> {
	const path = join(IMAGES, `${name}.png`);
	// What n8n only says in passing.
	await editor.page.addStyleTag({ content: '.el-notification { display: none !important }' });
	await editor.page.screenshot({ path, clip, animations: 'disabled' });
	const { size } = statSync(path);
	if (size > LARGEST) throw new Error(`${name}.png has ${size} bytes, more than ${LARGEST}`);
}

async function credentialPicture(editor: Editor, account: Account): Promise<void> {
	const { host, port, user, password, ca = '' } = account;
	// So that the dialog shows all that a user has to fill in.
	await editor.page.setViewportSize({ width: 1280, height: 900 });
	const dialog = await editor.newCredential('IMAP4 SSL/TLS API');
	await dialog.fill({ host, port, user, password });
	await dialog.turnOn('tlsOptions');
	await dialog.fill({ caCertificate: ca });
	const { passed, text } = await dialog.save();
	if (!passed) throw new Error(`The credential's test failed:\n${text}`);
	await dialog.locator.getByText('Connection tested successfully').scrollIntoViewIfNeeded();
	const clip = (await dialog.locator.boundingBox()) ?? undefined;
	await picture(editor, 'credential', clip);
}

async function flowPictures(editor: Editor): Promise<void> {
	await editor.openWorkflow(WORKFLOW);
	await editor.executeWorkflow();
	await editor.showWholeWorkflow();
	await picture(editor, 'first-flow');
	const node = await editor.openNode('Move into Archive');
	await node.output.getByText('items').first().waitFor();
	await picture(editor, 'move-node');
}

async function nodePictures(editor: Editor): Promise<void> {
	await editor.openWorkflow(READING);
	const node = await editor.openNode('Get Many');
	await node.openMailboxList();
	await picture(editor, 'mailbox-list');
	await node.mailboxes.filter({ hasText: 'Sent' }).first().click();
	await node.execute();
	await picture(editor, 'node-output');
}

/** Each task as it is built from an empty canvas: its last node, before it is executed. */
async function taskPictures(editor: Editor, address: string): Promise<void> {
	for (const task of TASKS) {
		const canvas = await EmptyCanvas.open(editor.page, address);
		await task.build(canvas, '/files');
		await picture(editor, `task-${task.name}`);
	}
}

async function main(): Promise<void> {
	const { installN8n } = await import('../../scripts/n8n-install.mjs');
	const n8n = await RealN8n.prepare(await installN8n());
	const certificates = await makeCertificates();
	const server = await MemoryServer.start();
	const secured = await MemoryServer.start({ tls: certificates.server });
	const user = 'demo@mail.example';
	const password = randomBytes(9).toString('base64url');
	const login = { user, password };
	const account: Account = { host: server.host, port: server.port, security: 'none', ...login };
	try {
		const now = new Date();
		await seedDemoAccount(server.addAccount(user, password), now);
		secured.addAccount(user, password);
		const credential = credentialOf(account, 'imap4DemoAccount', 'Demo mail account');
		await n8n.importCredentials([credential]);
		await n8n.importWorkflows([
			{ ...withCredential(withoutDryRun(readWorkflow(WORKFLOW)), credential), id: WORKFLOW },
			{ ...withCredential(reading, credential), id: READING },
		]);
		const rest = await step("Starting n8n's editor", () => n8n.startEditor());
		mkdirSync(IMAGES, { recursive: true });
		const editor = await Editor.open(rest);
		try {
			// Before the flow, which moves what the list and the node are to show.
			await step('Pictures of a node', () => nodePictures(editor));
			await step('Pictures of a workflow', () => flowPictures(editor));
			await step('Pictures of tasks', () => taskPictures(editor, n8n.address));
			await step('Picture of a credential', () =>
				credentialPicture(editor, {
					...account,
					host: secured.host,
					port: secured.port,
					security: 'tls',
					ca: certificates.ca,
				}),
			);
		} finally {
			await editor.close();
		}
	} finally {
		await n8n.dispose();
		await server.stop();
		await secured.stop();
	}
}

const reading = chain('Read a mailbox', {
	name: 'Get Many',
	type: 'n8n-nodes-imap4.imap4Message',
	parameters: { resource: 'message', operation: 'getMany' },
});

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
