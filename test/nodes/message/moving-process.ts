/**
 * A process of its own that runs Move to Another Account on n8n's workflow engine, for a test that kills it. It says
 * "ready" once everything is loaded, moves once it receives the accounts, and reports "done".
 */
import { packageNodes } from '../../../docs/generator/package-nodes';
import { moveAll, type Login } from './move-all';

async function main(): Promise<void> {
	const nodes = await packageNodes();
	const message = nodes.find(({ type }) => type.description.name === 'imap4Message');
	if (!message) throw new Error('There is no node IMAP4 Message');
	process.on('message', ({ from, to }: { from: Login; to: Login }) => {
		moveAll(message.type, from, to).then(
			({ error }) => process.send?.(error ? `failed: ${String(error)}` : 'done'),
			(error: unknown) => process.send?.(`failed: ${String(error)}`),
		);
	});
	process.send?.('ready');
}

void main();
