/** The read-only report on the user's own account. */
import { readFileSync } from 'node:fs';
import { credentialOf, withCredential } from './account';
import type { ReportArguments } from './arguments';
import { UsageError } from './command-line';
import { askPassword } from './password';
import { nodeProgress, step } from './progress';
import { reportLines } from './report-lines';
import { readWorkflow } from './workflows';

/** @throws {Error} one line that says why there is no report: wrong password, closed port … */
export async function runReport({
	host,
	port,
	security,
	user,
	caFile,
}: ReportArguments): Promise<void> {
	const ca = caFile === undefined ? undefined : readPem(caFile);
	const password = await askPassword(user, host);
	const { outputOf, packageNodeTypes, runWorkflow } = await step(
		"Loading n8n's workflow engine (n8n-core) and the nodes of this package",
		() => import('./run-workflow.js'),
	);
	const nodeTypes = await packageNodeTypes();
	const credential = credentialOf({ host, port, security, user, password, ca }, 'own', user);
	const workflow = withCredential(readWorkflow('report'), credential);
	console.log(
		`Running the workflow "${workflow.name}" on ${user} at ${host}:${port}; it changes nothing`,
	);
	const run = await runWorkflow({
		workflow,
		nodeTypes,
		credentials: [credential],
		onNodeEnd: nodeProgress(workflow.nodes.map(({ name }) => name)),
	});
	if (run.status !== 'success') throw new UsageError(oneLine(run.error));
	console.log();
	const outputs = (node: string) => outputOf(run, node).map(({ json }) => json);
	console.log(reportLines(outputs('Get Mailboxes'), outputs('Get Old Mail')).join('\n'));
}

function readPem(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw new UsageError(`--ca: ${(error as Error).message}`);
	}
}

/** What happened, and what to try: here, without a credential to look into. */
function oneLine(error: { message: string; description?: string | null } | undefined): string {
	const message = error?.message ?? 'The workflow did not end';
	const advice = error?.description === message ? '' : (error?.description ?? '');
	const here = advice
		.replace(/ in the credential/g, '')
		.replace(/certificate of its authority( \([^)]*\))?/, 'certificate of its authority with --ca')
		.replace(/the SSL\/TLS credential/g, '--security tls')
		.replace(/the STARTTLS credential/g, '--security starttls');
	return `${message.replace(/\.$/, '')}. ${here}`.replace(/\s+/g, ' ').trim();
}
