/**
 * Large work in n8n beside a script of imapflow's that does the same, one process for each run:
 * 100,000 messages through Get Many (Return All), Flags and Move, and 5,000 bodies of 50 kB, decoded.
 *
 *   npm run bench:large -- --record
 *   npm run bench:large -- --messages 10000 --bodies 500
 *
 * `n8n alone` is n8n's engine with nodes that only give the items that the nodes gave: what n8n itself
 * needs for them. Memory is the most that the process had (resident set). `Not compiled` are runs without V8's
 * optimizing compilers: what these need is memory of the process, and not of the items.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { Imap4 } from '../engine/index';
import { makeCertificates } from '../test/real/certificates';
import { startDovecot } from '../test/real/dovecot';
import { findDovecot } from '../test/real/dovecot-files';
import type { LargeJob, LargeResult } from './large-flow-process';
import { buildPrograms, program, ROOT } from './programs';

/** Without V8's optimizing compilers, whose memory a process needs once and not for each message. */
const UNCOMPILED = ['--no-opt', '--no-maglev'];

const KINDS: ReadonlyArray<[kind: LargeJob['kind'], by: string, flags?: readonly string[]]> = [
	['nodes', 'the nodes in n8n'],
	['n8n', 'n8n alone'],
	['imapflow', 'imapflow, a script'],
	['nodes', 'the nodes in n8n, not compiled', UNCOMPILED],
	['n8n', 'n8n alone, not compiled', UNCOMPILED],
];

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			messages: { type: 'string', default: '100000' },
			bodies: { type: 'string', default: '5000' },
			record: { type: 'boolean', default: false },
		},
	});
	const works: Array<[LargeJob['work'], number]> = [
		['list', Number(values.messages)],
		['bodies', Number(values.bodies)],
	];
	await buildPrograms();
	const dovecot = await startDovecot(await findDovecot(), await makeCertificates());
	const folder = await mkdtemp(join(tmpdir(), 'imap4-bench-'));
	const lines = [
		'| Work | By | CPU (ms) | Clock (ms) | Memory (MB) | Longest block (ms) |',
		'|---|---|---:|---:|---:|---|',
	];
	try {
		const { host, ports, password } = dovecot.address;
		for (const [work, count] of works) {
			const name = work === 'list' ? `${count} listed, flagged, moved` : `${count} bodies of 50 kB`;
			for (const [kind, by, flags = []] of KINDS) {
				const user = `${work}-${kind}${flags.length}`;
				const account = { host, port: ports.plain, user, password };
				if (kind !== 'n8n') await fill(account, work, count);
				const result = await run({ kind, work, account, root: ROOT, folder }, flags);
				if (result.items !== count) throw new Error(`${by}: ${result.items} of ${count} items`);
				lines.push(line(name, by, result));
				console.log(lines.at(-1));
			}
		}
	} finally {
		await dovecot.stop();
		await rm(folder, { recursive: true, force: true });
	}
	if (!values.record) return;
	const date = new Date().toISOString().slice(0, 10);
	const head = `# Large work in n8n beside a script\n\n${date}, by \`npm run bench:large -- --record\`, on Dovecot.`;
	await writeFile(join(__dirname, 'LARGE.md'), `${head}\n\n${lines.join('\n')}\n`);
}

function line(name: string, by: string, { cpu, ms, memory, blocks }: LargeResult): string {
	const longest = Object.entries(blocks).map(([node, block]) => `${node} ${block.toFixed(0)}`);
	const figures = [cpu.toFixed(0), ms.toFixed(0), (memory / 1024 / 1024).toFixed(0)];
	return `| ${[name, by, ...figures, longest.join(', ')].join(' | ')} |`;
}

async function run(job: LargeJob, flags: readonly string[]): Promise<LargeResult> {
	const child = spawn(
		process.execPath,
		[...flags, program('large-flow-process'), JSON.stringify(job)],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
	if (code !== 0) throw new Error(`${job.kind} ended with code ${code}`);
	return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as LargeResult;
}

async function fill(
	{ host, port, user, password }: LargeJob['account'],
	work: LargeJob['work'],
	count: number,
): Promise<void> {
	const imap = await Imap4.connect({ host, port, security: 'none', auth: { user, password } });
	await imap.createMailbox('Moved');
	for (let done = 0; done < count; done += 500) {
		const some = Math.min(500, count - done);
		const messages = Array.from({ length: some }, (_, index) => ({
			message: (work === 'list' ? small : large)(done + index),
		}));
		await imap.appendAll('INBOX', messages);
	}
	await imap.logout();
}

const header = (n: number): string[] => [
	`From: Anna Example <anna.${n % 997}@example.com>`,
	'To: Bert Example <bert@example.com>, team@example.com',
	`Subject: Message ${n} about something that takes some words to say`,
	`Message-ID: <${n}.message@example.com>`,
	`References: <${n - 1}.message@example.com>`,
	'Date: Wed, 25 Nov 2026 10:00:00 +0000',
	'MIME-Version: 1.0',
];

const small = (n: number): Buffer => Buffer.from([...header(n), '', 'Hello', ''].join('\r\n'));

/** 50 kB: a text in quoted-printable, and HTML in base64. */
function large(n: number): Buffer {
	const words = '=E2=82=AC 20 and a few words about number';
	const plain = Array.from({ length: 300 }, (_, index) => `${words} ${n}-${index}.`);
	const rows = Array.from(
		{ length: 480 },
		(_, index) => `<tr><td>€ ${index}</td><td>${n}</td></tr>`,
	);
	const html = Buffer.from(`<html><body><table>${rows.join('\n')}</table></body></html>`);
	return Buffer.from(
		[
			...[...header(n), 'Content-Type: multipart/alternative; boundary="b"', '', '--b'],
			'Content-Type: text/plain; charset=utf-8',
			...['Content-Transfer-Encoding: quoted-printable', '', ...plain, '--b'],
			'Content-Type: text/html; charset=utf-8',
			...['Content-Transfer-Encoding: base64', ''],
			...(html.toString('base64').match(/.{1,76}/g) ?? []),
			...['--b--', ''],
		].join('\r\n'),
	);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
