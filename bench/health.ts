/**
 * Whether a full n8n answers while IMAP4 Message reads the worst messages known: `npm run bench:health`.
 * Get Many makes text of them on n8n's main process; meanwhile `/healthz` is asked again and again.
 * Goal: no answer takes longer than 500 ms.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { credentialOf, withCredential, type Account } from '../demo/account';
import { RealN8n } from '../demo/n8n/real-n8n';
import type { WorkflowFile } from '../demo/run-workflow';
import { Imap4 } from '../engine/index';
import { SHAPES } from '../test/hostile/shapes';
import { newsletter } from '../test/mail/newsletter';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';

const MEGABYTE = 1024 * 1024;
const GOAL = 500;
/** Milliseconds between two questions. */
const INTERVAL = 20;
const WEBHOOK = 'read';

/** Messages of a megabyte: every shape of HTML that costs most, parts in parts, and two newsletters. */
function messages(): Buffer[] {
	const html = SHAPES.filter(({ kind }) => kind === 'HTML').map(({ name, make }) =>
		Buffer.from(
			`From: a@example.com\r\nSubject: ${name}\r\nContent-Type: text/html; charset=utf-8\r\n` +
				`Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(make(MEGABYTE) as string)
					.toString('base64')
					.replace(/.{76}/g, '$&\r\n')}\r\n`,
		),
	);
	const whole = SHAPES.filter(({ kind }) => kind === 'a message').map(
		({ make }) => make(MEGABYTE) as Buffer,
	);
	return [...html, ...whole, newsletter('base64'), newsletter('quoted-printable')];
}

function workflow(textFormat: string): WorkflowFile {
	const node = (name: string, type: string, parameters: INodeParameters, index: number) => ({
		id: String(index),
		name,
		type,
		typeVersion: 1,
		position: [index * 220, 0] as [number, number],
		parameters,
	});
	return {
		name: textFormat,
		nodes: [
			{
				...node(
					'Webhook',
					'n8n-nodes-base.webhook',
					{ path: `${WEBHOOK}-${textFormat}`, responseMode: 'lastNode' },
					0,
				),
				webhookId: `${WEBHOOK}-${textFormat}`,
			},
			node(
				'Get Many',
				'n8n-nodes-imap4.imap4Message',
				{
					resource: 'message',
					operation: 'getMany',
					mailbox: { __rl: true, mode: 'path', value: 'INBOX' },
					returnAll: true,
					body: 'text',
					contentOptions: { textFormat },
				},
				1,
			),
			node('Limit', 'n8n-nodes-base.limit', { maxItems: 1 }, 2),
		],
		connections: {
			Webhook: { main: [[{ node: 'Get Many', type: 'main', index: 0 }]] },
			'Get Many': { main: [[{ node: 'Limit', type: 'main', index: 0 }]] },
		},
		settings: { executionOrder: 'v1' },
	};
}

/** Milliseconds of each answer until `done` has ended. */
async function answers(address: string, done: Promise<unknown>): Promise<number[]> {
	const times: number[] = [];
	let isOver = false;
	void done.finally(() => (isOver = true)).catch(() => undefined);
	while (!isOver) {
		const started = performance.now();
		await (await fetch(`${address}/healthz`)).text();
		times.push(performance.now() - started);
		await sleep(INTERVAL);
	}
	return times.sort((a, b) => a - b);
}

async function measure(n8n: RealN8n, account: Account): Promise<void> {
	const credential = credentialOf(account, 'c1', 'Bench');
	await n8n.importCredentials([credential]);
	const rest = await n8n.startEditor();
	for (const textFormat of ['text', 'markdown']) {
		const file = withCredential(workflow(textFormat), credential);
		await rest.activate(await rest.addWorkflow(file));
		const quiet = await answers(n8n.address, sleep(3000));
		const started = performance.now();
		const run = fetch(`${n8n.address}/webhook/${WEBHOOK}-${textFormat}`).then(async (response) => {
			const body = await response.text();
			if (!response.ok || !body.includes('"text":'))
				throw new Error(`${response.status} ${body.slice(0, 500)}`);
		});
		const busy = await answers(n8n.address, run);
		await run;
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		const worst = busy.at(-1) as number;
		console.log(
			`${textFormat}: ${seconds} s of work, ${busy.length} answers: median ${median(busy)} ms, ` +
				`longest ${worst.toFixed(0)} ms (without work: median ${median(quiet)} ms, longest ${quiet.at(-1)?.toFixed(0)} ms)`,
		);
		if (worst > GOAL) process.exitCode = 1;
	}
}

const median = (times: readonly number[]): string =>
	(times[times.length >> 1] as number).toFixed(0);

async function main(): Promise<void> {
	const dovecot = await startDovecot(await findDovecot(), await makeCertificates());
	const { installN8n } = await import('../scripts/n8n-install.mjs');
	const n8n = await RealN8n.prepare(await installN8n());
	try {
		const { host, ports, password } = dovecot.address;
		const account: Account = {
			host,
			port: ports.plain,
			security: 'none',
			user: 'health',
			password,
		};
		const imap = await Imap4.connect({ ...account, auth: { user: account.user, password } });
		for (const message of messages()) await imap.append('INBOX', message);
		await imap.logout();
		await measure(n8n, account);
	} finally {
		await n8n.dispose();
		await dovecot.stop();
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
