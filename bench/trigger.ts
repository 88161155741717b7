/**
 * The trigger on Dovecot: what a poll costs 30 ms away, and how long a message takes until its execution in a
 * full n8n, beside n8n's own Email Trigger (IMAP).
 *
 *   npm run bench:trigger -- --messages 100 --record
 *   npm run bench:trigger -- --only polls
 */
import '../demo/n8n-core/environment';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';
import { measureLatency } from './trigger-latency';
import { measurePolls } from './trigger-polls';

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			messages: { type: 'string', default: '100' },
			only: { type: 'string' },
			record: { type: 'boolean', default: false },
		},
	});
	const dovecot = await startDovecot(await findDovecot(), await makeCertificates());
	const parts: string[] = [];
	try {
		if (values.only !== 'latency') {
			const lines = await measurePolls(dovecot.address);
			parts.push(`## One poll, Dovecot 30 ms away, without TLS\n\n${lines.join('\n')}`);
		}
		if (values.only !== 'polls') {
			const { installN8n } = await import('../scripts/n8n-install.mjs');
			const program = await installN8n();
			const lines = await measureLatency(program, dovecot.address, Number(values.messages));
			parts.push(`## From delivery to execution, full n8n\n\n${lines.join('\n')}`);
		}
	} finally {
		await dovecot.stop();
	}
	if (!values.record) return;
	const head = `# The trigger\n\n${new Date().toISOString().slice(0, 10)}, by \`npm run bench:trigger -- --record\`.`;
	await writeFile(join(__dirname, 'TRIGGER.md'), `${[head, ...parts].join('\n\n')}\n`);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
