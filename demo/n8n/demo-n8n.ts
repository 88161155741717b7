/**
 * `npm run demo:n8n`: the demonstration in a full n8n. The package is installed in it as a user
 * would install it, the workflow is the one that users import, and whether the mailbox is as it
 * should be is read over IMAP by a connection that has nothing to do with n8n.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IRun } from 'n8n-workflow';
import { Imap4 } from '../../engine/index';
import { MemoryServer } from '../../test/server';
import { credentialOf, withCredential, type Account } from '../account';
import { UsageError } from '../arguments';
import { summary } from '../embedded';
import { step } from '../progress';
import { seedDemoAccount } from '../seed';
import { snapshot, type Snapshot } from '../snapshot';
import { printTable } from '../table';
import { verify } from '../verify';
import { readWorkflow } from '../workflows';
import { N8N_HELP, parseN8nArguments } from './arguments';
import { freePort, isFree } from './ports';
import { RealN8n } from './real-n8n';
import type { Owner } from './rest';

const USUAL_EDITOR_PORT = 5678;
const ARCHIVE = 'archive-by-year';
const REPORT = 'report';

/** @throws {UsageError} when the port that the user asked for is taken */
async function editorPort(wanted: number | undefined): Promise<number> {
	if (await isFree(wanted ?? USUAL_EDITOR_PORT)) return wanted ?? USUAL_EDITOR_PORT;
	if (wanted !== undefined) {
		throw new UsageError(`Port ${wanted} is taken by another program: choose another with --port.`);
	}
	return freePort();
}

/** Looks at the account with a connection of its own. */
async function look({ host, port, security, user, password }: Account): Promise<Snapshot> {
	const imap = await Imap4.connect({ host, port, security, auth: { user, password } });
	try {
		return await snapshot(imap);
	} finally {
		await imap.logout();
	}
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

async function main(): Promise<number> {
	const asked = parseN8nArguments(process.argv.slice(2));
	if (asked.help) {
		console.log(N8N_HELP);
		return 0;
	}
	const { installN8n } = await import('../../scripts/n8n-install.mjs');
	// Before minutes are spent on anything else.
	const port = asked.once ? undefined : await editorPort(asked.port);
	const program = await installN8n();

	const now = new Date();
	const server = await MemoryServer.start();
	const account: Account = {
		host: server.host,
		port: server.port,
		security: 'none',
		user: 'demo@mail.example',
		password: randomBytes(9).toString('base64url'),
	};
	let n8n: RealN8n | undefined;
	try {
		const seed = await step('Filling an account of the in-memory mail server', () =>
			seedDemoAccount(server.addAccount(account.user, account.password), now),
		);
		const before = await look(account);

		n8n = await step('Preparing an empty n8n with this package in it', () =>
			RealN8n.prepare(program, { editorPort: port }),
		);
		const real = n8n;
		const credential = credentialOf(account, 'imap4DemoAccount', 'Demo mail account');
		await step('Importing the credential and the workflows', async () => {
			await real.importCredentials([credential]);
			await real.importWorkflows(
				([ARCHIVE, REPORT] as const).map((name) => ({
					...withCredential(readWorkflow(name), credential),
					id: name,
				})),
			);
		});
		for (const name of [ARCHIVE, REPORT]) {
			await step(`Executing the workflow "${name}"`, async () =>
				succeeded(name, await real.execute(name)),
			);
		}

		const after = await look(account);
		console.log();
		printTable(before, after);
		const problems = verify(seed, now, before, after);
		console.log(
			problems.length === 0
				? `\n✓ ${summary(seed, now)}`
				: `\n${problems.map((problem) => `✗ ${problem}`).join('\n')}`,
		);
		if (asked.once || problems.length > 0) return problems.length === 0 ? 0 : 1;

		const owner: Owner = {
			email: 'demo@mail.example',
			firstName: 'Demo',
			lastName: 'Owner',
			// n8n wants a digit and a capital letter.
			password: `Demo1-${randomBytes(6).toString('hex')}`,
		};
		await step("Starting n8n's editor", () => real.startEditor(owner));
		console.log(
			[
				'',
				`n8n:       ${real.address}`,
				`           login ${owner.email}`,
				`           password ${owner.password}`,
				`mail:      ${account.host}:${account.port}, unencrypted`,
				`           user ${account.user}`,
				`           password ${account.password}`,
				'',
				'Both end, and are gone without a trace, with Ctrl+C.',
			].join('\n'),
		);
		await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), real.serverEnd()]);
		return 0;
	} finally {
		await n8n?.dispose();
		await server.stop();
	}
}

async function run(): Promise<void> {
	const { SetupError } = await import('../../scripts/npm.mjs');
	try {
		process.exitCode = await main();
	} catch (error) {
		console.error(
			error instanceof UsageError || error instanceof SetupError ? error.message : error,
		);
		process.exitCode = 1;
	}
}

void run();
