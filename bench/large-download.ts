/**
 * What it takes n8n to download one huge message: the whole of it, and its attachment. The node runs
 * on n8n-core with binary data in files, in a process of its own, whose peak of memory is told; the
 * server is another process.
 *
 *     tsx bench/large-download.ts
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { Container } from '@n8n/di';
import { compile, program } from './programs';
import { Imap4PlainApi } from '../credentials/Imap4PlainApi.credentials';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../demo/run-workflow';
// Behind run-workflow, which tells n8n-core where its files are to go.
import { BinaryDataService } from 'n8n-core';
import { Imap4Message } from '../nodes/Imap4Message/Imap4Message.node';
import { MemoryServer } from '../test/server';

const PROGRAM = program('large-download');
/** MB that the node's process may take at its peak. */
const MOST = 300;

const USER = 'anna@example.com';
const PASSWORD = 'secret';

/** Lines of base64 carry 57 octets each. */
const BLOCK = 57 * 16_384;
/** Make a message of 1.02 GB, and an attachment of 747 MB in it. */
const BLOCKS = 800;

const HEADER = [
	'From: bert@example.org',
	'Subject: huge',
	'Content-Type: multipart/mixed; boundary=mix',
	'',
	'--mix',
	'Content-Type: application/octet-stream; name=huge.bin',
	'Content-Disposition: attachment',
	'Content-Transfer-Encoding: base64',
	'',
	'',
].join('\r\n');
const END = '--mix--\r\n';

/** Octets that repeat nowhere, and are the same in every process. */
function block(): Buffer {
	const octets = Buffer.alloc(BLOCK);
	let state = 1;
	for (let at = 0; at < BLOCK; at++) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
		octets[at] = state >>> 24;
	}
	return octets;
}

const encodedBlock = (): Buffer =>
	Buffer.from(block().toString('base64').replace(/.{76}/g, '$&\r\n'));

/** The parts that a file must consist of. */
function* expected(what: Download): Generator<Buffer> {
	const one = what === 'message' ? encodedBlock() : block();
	if (what === 'message') yield Buffer.from(HEADER);
	for (let n = 0; n < BLOCKS; n++) yield one;
	if (what === 'message') yield Buffer.from(END);
}

type Download = 'message' | 'attachment';

interface Measured {
	/** MB before and at the peak of the download. */
	before: number;
	peak: number;
	seconds: number;
	octets: number;
	/** Whether the file is what was sent. */
	sound: boolean;
}

async function serve(): Promise<void> {
	const server = await MemoryServer.start();
	const octets = Buffer.concat([...expected('message')]);
	server.addAccount(USER, PASSWORD).mailbox('INBOX').append(octets);
	process.stdout.write(`${server.port}\n`);
}

const megabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

async function download(what: Download, port: number): Promise<Measured> {
	const before = megabytes();
	const begin = performance.now();
	const run = await runWorkflow({
		nodeTypes: new NodeTypeRegistry(
			{ 'n8n-nodes-imap4.imap4Message': new Imap4Message() },
			{ imap4PlainApi: new Imap4PlainApi() },
		),
		credentials: [
			{
				id: '1',
				name: 'Account',
				type: 'imap4PlainApi',
				data: { host: '127.0.0.1', port, user: USER, password: PASSWORD },
			},
		],
		startNode: 'Node',
		workflow: {
			name: 'Download',
			nodes: [
				{
					id: '1',
					name: 'Node',
					type: 'n8n-nodes-imap4.imap4Message',
					typeVersion: 1,
					position: [0, 0],
					credentials: { imap4PlainApi: { id: '1', name: 'Account' } },
					parameters: {
						authentication: 'plain',
						resource: what,
						operation: 'download',
						messages: 'uids',
						mailbox: { __rl: true, mode: 'path', value: 'INBOX' },
						uids: '1',
					},
				},
			],
			connections: {},
		},
	});
	if (run.error) throw run.error;
	const seconds = (performance.now() - begin) / 1000;
	const peak = megabytes();

	const id = outputOf(run, 'Node')[0]?.binary?.data?.id;
	if (id === undefined) throw new Error('The node put out no file');
	const got = createHash('sha256');
	let octets = 0;
	for await (const chunk of await Container.get(BinaryDataService).getAsStream(id)) {
		got.update(chunk as Buffer);
		octets += (chunk as Buffer).length;
	}
	const wanted = createHash('sha256');
	for (const part of expected(what)) wanted.update(part);
	return { before, peak, seconds, octets, sound: got.digest('hex') === wanted.digest('hex') };
}

function start(...args: string[]): ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> } {
	return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function main(): Promise<void> {
	await compile(__filename, PROGRAM);
	const server = start('serve');
	try {
		const [port] = (await once(server.stdout, 'data')) as [Buffer];
		for (const what of ['message', 'attachment']) {
			const child = start(what, port.toString().trim());
			let output = '';
			child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
			const [code] = (await once(child, 'close')) as [number | null];
			if (code !== 0) throw new Error(`The download of the ${what} failed`);
			const { before, peak, seconds, octets, sound } = JSON.parse(output) as Measured;
			console.log(
				`${what}: ${octets} octets in ${seconds.toFixed(1)} s, peak ${peak} MB (${before} MB before), ${sound ? 'sound' : 'DAMAGED'}`,
			);
			if (!sound || peak > MOST) process.exitCode = 1;
		}
	} finally {
		server.kill();
		await rm(PROGRAM, { force: true });
	}
}

const [role, port] = process.argv.slice(2);
const work =
	role === 'serve'
		? serve()
		: role === 'message' || role === 'attachment'
			? download(role, Number(port)).then((measured) => {
					process.stdout.write(JSON.stringify(measured));
					process.exit(0);
				})
			: main();
work.catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
