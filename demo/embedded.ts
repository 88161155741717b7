/** The demonstration: an in-memory server, a seeded account, and the workflow that tidies it up. */
import { randomBytes } from 'node:crypto';
import { MemoryServer } from '../test/server';
import { credentialOf, withCredential, type Account } from './account';
import { nodeProgress, step } from './progress';
import { seedDemoAccount, type DemoMailbox } from './seed';
import { snapshotOf } from './snapshot';
import { printTable } from './table';
import { summary, verify } from './verify';
import { readWorkflow, withoutDryRun } from './workflows';

const SHOWN_PROBLEMS = 20;

/**
 * Runs workflows/archive-by-year.json on n8n-core against a seeded account and prints the account
 * before and after it.
 *
 * @returns whether the account is as it should be
 */
export async function runEmbedded(): Promise<boolean> {
	const { packageNodeTypes, runWorkflow } = await step(
		"Loading n8n's workflow engine (n8n-core) and the nodes of this package",
		() => import('./run-workflow.js'),
	);
	const nodeTypes = await packageNodeTypes();
	await using server = await startServer();
	const now = new Date();
	const account: Account = {
		host: server.host,
		port: server.port,
		security: 'none',
		user: 'anna@mueller-soehne.example',
		password: randomBytes(12).toString('base64url'),
	};
	const seed = await step(
		`Filling an account of the in-memory mail server at ${account.host}:${account.port}`,
		() => seedDemoAccount(server.memory.addAccount(account.user, account.password), now),
		(mailboxes) => `${messagesIn(mailboxes)} messages in ${mailboxes.length} mailboxes`,
	);
	const before = await step('Reading it back over IMAP', () => snapshotOf(account));
	console.log('\nBEFORE');
	printTable(before);

	const credential = credentialOf(account, 'demo', 'Demo account');
	const workflow = withCredential(withoutDryRun(readWorkflow('archive-by-year')), credential);
	console.log(`\nRunning the workflow "${workflow.name}"`);
	const run = await runWorkflow({
		workflow,
		nodeTypes,
		credentials: [credential],
		onNodeEnd: nodeProgress(workflow.nodes.map(({ name }) => name)),
	});
	const after = await snapshotOf(account);
	console.log('\nAFTER (old → new where something changed)');
	printTable(before, after);
	console.log();

	const problems = [
		...(run.status === 'success'
			? []
			: [`The workflow ended as "${run.status}": ${run.error?.message}`]),
		...verify(seed, now, before, after),
	];
	for (const problem of problems.slice(0, SHOWN_PROBLEMS)) console.error(`✗ ${problem}`);
	if (problems.length > SHOWN_PROBLEMS) {
		console.error(`✗ … and ${problems.length - SHOWN_PROBLEMS} problems more`);
	}
	if (problems.length === 0) console.log(`✓ ${summary(seed, now)}`);
	return problems.length === 0;
}

async function startServer(): Promise<
	AsyncDisposable & { memory: MemoryServer; host: string; port: number }
> {
	const memory = await MemoryServer.start();
	return {
		memory,
		host: memory.host,
		port: memory.port,
		[Symbol.asyncDispose]: () => memory.stop(),
	};
}

const messagesIn = (mailboxes: readonly DemoMailbox[]) =>
	mailboxes.reduce((sum, { messages }) => sum + messages.length, 0);
