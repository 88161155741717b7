/**
 * `npm run demo:n8n`: the demonstration in a full n8n. The package is installed in it as a user
 * would install it, the workflow is the one that users import, and whether the mailbox is as it
 * should be is read over IMAP by a connection that has nothing to do with n8n.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IRun } from 'n8n-workflow';
import { MemoryServer } from '../../test/server';
import { credentialOf, withCredential, type Account } from '../account';
import { UsageError } from '../command-line';
import { step } from '../progress';
import { seedDemoAccount } from '../seed';
import { snapshotOf } from '../snapshot';
import { printTable } from '../table';
import { summary, verify } from '../verify';
import { readWorkflow, withoutDryRun } from '../workflows';
import { N8N_HELP, parseN8nArguments } from './arguments';
import { freePort, isFree } from './ports';
import { RealN8n } from './real-n8n';
import type { Owner } from './rest';

const USUAL_EDITOR_PORT = 5678;
const WORKFLOWS = ['archive-by-year', 'report'] as const;

/** @throws {UsageError} when the port that the user asked for is taken */
async function editorPort(wanted: number | undefined): Promise<number> {
	if (await isFree(wanted ?? USUAL_EDITOR_PORT)) return wanted ?? USUAL_EDITOR_PORT;
	if (wanted !== undefined) {
		throw new UsageError(`Port ${wanted} is taken by another program: choose another with --port.`);
	}
	return freePort();
}

/** @throws {Error} when the workflow failed, with the node and its words */
function succeeded(name: string, { status, data }: IRun): void {
	if (status === 'success') return;
	const { error, lastNodeExecuted } = data.resultData;
	const words = [
		error?.message,
		error !== undefined && 'description' in error && error.description,
	];
	throw new Error(
		`The workflow "${name}" ended with ${status} in the node "${lastNodeExecuted}": ${words.filter(Boolean).join(' ')}`,
	);
}

/**
 * Runs the workflows and prints the account before and after.
 *
 * @returns whether the account is as it should be
 */
async function demonstrate(n8n: RealN8n, server: MemoryServer, account: Account): Promise<boolean> {
	const now = new Date();
	const seed = await step('Filling an account of the in-memory mail server', () =>
		seedDemoAccount(server.addAccount(account.user, account.password), now),
	);
	const before = await snapshotOf(account);

	const credential = credentialOf(account, 'imap4DemoAccount', 'Demo mail account');
	await step('Importing the credential and the workflows into an empty n8n', async () => {
		await n8n.importCredentials([credential]);
		await n8n.importWorkflows(
			WORKFLOWS.map((name) => ({
				...withCredential(withoutDryRun(readWorkflow(name)), credential),
				id: name,
			})),
		);
	});
	for (const name of WORKFLOWS) {
		await step(`Executing the workflow "${name}"`, async () =>
			succeeded(name, await n8n.execute(name)),
		);
	}

	const after = await snapshotOf(account);
	console.log();
	printTable(before, after);
	const problems = verify(seed, now, before, after);
	console.log(
		problems.length === 0
			? `\n✓ ${summary(seed, now)}`
			: `\n${problems.map((problem) => `✗ ${problem}`).join('\n')}`,
	);
	return problems.length === 0;
}

/** Starts the editor and waits for its end. */
async function stayOpen(n8n: RealN8n, account: Account): Promise<void> {
	const owner: Owner = {
		email: 'demo@mail.example',
		firstName: 'Demo',
		lastName: 'Owner',
		// n8n wants a digit and a capital letter.
		password: `Demo1-${randomBytes(6).toString('hex')}`,
	};
	await step("Starting n8n's editor", () => n8n.startEditor(owner));
	console.log(
		[
			'',
			`n8n:       ${n8n.address}`,
			`           login ${owner.email}`,
			`           password ${owner.password}`,
			`mail:      ${account.host}:${account.port}, unencrypted`,
			`           user ${account.user}`,
			`           password ${account.password}`,
			'',
			'Both end, and are gone without a trace, with Ctrl+C.',
		].join('\n'),
	);
	await n8n.serverEnd();
	console.log('n8n has ended.');
}

/** @returns the exit code */
async function main(): Promise<number> {
	const asked = parseN8nArguments(process.argv.slice(2));
	if (asked.help) {
		console.log(N8N_HELP);
		return 0;
	}
	// Before minutes are spent on anything else.
	const port = asked.once ? undefined : await editorPort(asked.port);
	const { installN8n } = await import('../../scripts/n8n-install.mjs');
	const n8n = await RealN8n.prepare(await installN8n(), { editorPort: port });
	const server = await MemoryServer.start();
	const account: Account = {
		host: server.host,
		port: server.port,
		security: 'none',
		user: 'demo@mail.example',
		password: randomBytes(9).toString('base64url'),
	};
	let shown = false;
	const work = async (): Promise<number> => {
		if (!(await demonstrate(n8n, server, account))) return 1;
		shown = true;
		if (!asked.once) await stayOpen(n8n, account);
		return 0;
	};
	const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
	try {
		return await Promise.race([work(), interrupted.then(() => (shown ? 0 : 130))]);
	} finally {
		await n8n.dispose();
		await server.stop();
	}
}

async function run(): Promise<void> {
	const { SetupError } = await import('../../scripts/npm.mjs');
	try {
		process.exitCode = await main();
	} catch (error) {
		const known = error instanceof UsageError || error instanceof SetupError;
		console.error(known ? `✗ ${error.message}` : error);
		process.exitCode = 1;
	}
}

void run();
