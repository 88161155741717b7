/**
 * The text of a newsletter of 1.2 MB, without its links, beside what mailparser needs to parse the same
 * message's structure, and to read all of it: `npm run bench:newsletter`. Each in a process of its own, as in n8n for many messages
 * one after the other; medians of the processor time of those behind the first few, which are compiled.
 */
import { spawnSync } from 'node:child_process';
import { MailParser, simpleParser } from 'mailparser';
import { treeFromBytes } from '../mail/mime-tree/from-bytes';
import type { MimePart } from '../mail/mime-tree/mime-part';
import { readableParts } from '../mail/reading/body';
import { partText } from '../mail/reading/part-text';
import { readText, type TextOptions } from '../mail/reading/read-body';
import { decodedBytes } from '../mail/transfer-encoding/decode-transfer';
import { newsletter } from '../test/mail/newsletter';
import { compile, program } from './programs';

const WARM_UP = 5;
const RUNS = 45;
const OPTIONS: TextOptions = { format: 'text', links: 'remove', images: false };

/** @returns characters of the text */
async function ours(message: Buffer): Promise<number> {
	const { body } = readableParts(await treeFromBytes(message));
	const known = new Map<MimePart, string>();
	for (;;) {
		const read = await readText(body, known, OPTIONS);
		if ('text' in read) return read.text.length;
		for (const part of read.needs) {
			const bytes = await decodedBytes(part.content as Buffer, part.encoding);
			known.set(part, await partText(bytes, part));
		}
	}
}

/** All that it reads, the text that it makes of HTML included. */
async function simpleParsers(message: Buffer): Promise<number> {
	return (await simpleParser(message)).text?.length ?? 0;
}

/** Its structure alone: none of the texts that it makes of one another. */
async function structures(message: Buffer): Promise<number> {
	const parser = new MailParser({
		skipHtmlToText: true,
		skipTextToHtml: true,
		skipTextLinks: true,
		skipImageLinks: true,
	});
	let length = 0;
	parser.on('data', (data: { type: string; html?: string }) => {
		if (data.type === 'text') length = data.html?.length ?? 0;
	});
	const ended = new Promise((resolve, reject) => {
		parser.on('end', resolve);
		parser.on('error', reject);
	});
	parser.end(message);
	await ended;
	return length;
}

const ENCODINGS = ['quoted-printable', 'base64'] as const;
type Encoding = (typeof ENCODINGS)[number];

const WAYS = { ours, structure: structures, all: simpleParsers };
type Way = keyof typeof WAYS;

async function measure(way: Way, encoding: Encoding): Promise<void> {
	const message = newsletter(encoding);
	const cpu: number[] = [];
	let length = 0;
	for (let run = 0; run < WARM_UP + RUNS; run++) {
		const before = process.cpuUsage();
		length = await WAYS[way](message);
		const { user, system } = process.cpuUsage(before);
		if (run >= WARM_UP) cpu.push((user + system) / 1000);
	}
	console.log(JSON.stringify({ cpu: cpu.toSorted((a, b) => a - b)[RUNS >> 1], length }));
}

function measured(way: Way, encoding: Encoding): { cpu: number; length: number } {
	const { stdout, stderr } = spawnSync(process.execPath, [COMPILED, way, encoding]);
	try {
		return JSON.parse(stdout.toString()) as { cpu: number; length: number };
	} catch {
		throw new Error(stderr.toString());
	}
}

/** Compiled as the package is, so that no process that is measured carries a compiler. */
const COMPILED = program('newsletter');

async function main(): Promise<void> {
	await compile(__filename, COMPILED);
	for (const encoding of ENCODINGS) {
		const ours = measured('ours', encoding);
		const beside = (['structure', 'all'] as const).map((other) => {
			const { cpu } = measured(other, encoding);
			return `mailparser's ${other} ${cpu.toFixed(0)} ms, ratio ${(ours.cpu / cpu).toFixed(2)}`;
		});
		console.log(
			`${encoding}: text of ${ours.length} characters ${ours.cpu.toFixed(0)} ms of processor time; ${beside.join('; ')}`,
		);
	}
}

const [, , way, encoding] = process.argv;
if (way === undefined) void main();
else void measure(way as Way, encoding as Encoding);
