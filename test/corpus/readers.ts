/** What different programs read of a message, in a form that can be compared. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Container } from '@n8n/di';
import { simpleParser } from 'mailparser';
import { BinaryDataService } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';

export const CHECKS = ['subject', 'from', 'text', 'html', 'names', 'contents'] as const;
export type Check = (typeof CHECKS)[number];
/** Texts without differences that no reader sees. */
export type Reading = Record<Check, string>;

const plain = (text: string | false | null | undefined): string =>
	(text || '').replace(/\s+/g, ' ').trim();

/** Names and contents in an order of their own: programs list attachments differently. */
const listed = (all: readonly string[]): string => [...all].sort().join('\n');

const digest = (content: Buffer): string =>
	`${content.length} ${createHash('sha256').update(content).digest('hex')}`;

/** @param item of Get Many with text, HTML and attachments */
export async function byNode({ json, binary = {} }: INodeExecutionData): Promise<Reading> {
	const files = Object.values(binary);
	const contents = await Promise.all(
		files.map((file) => Container.get(BinaryDataService).getAsBuffer(file)),
	);
	return {
		subject: plain(json.subject as string),
		from: addressesIn(json.from as string),
		text: plain(json.text as string),
		html: plain(json.html as string),
		names: listed(files.map(({ fileName }) => fileName ?? '')),
		contents: listed(contents.map(digest)),
	};
}

export async function byMailparser(message: Buffer): Promise<Reading | undefined> {
	try {
		const { subject, from, text, html, attachments } = await simpleParser(message);
		return {
			subject: plain(subject),
			from: addressesIn(from?.text ?? ''),
			text: plain(text),
			html: plain(html),
			names: listed(attachments.map(({ filename }) => filename ?? '')),
			contents: listed(attachments.map(({ content }) => digest(content))),
		};
	} catch {
		return undefined;
	}
}

/** @returns undefined without python3 */
export function byPython(files: readonly string[]): Array<Reading | undefined> | undefined {
	const script = join(__dirname, 'read_messages.py');
	const { status, stdout } = spawnSync('python3', [script], {
		input: files.join('\n'),
		maxBuffer: 1024 * 1024 * 1024,
		encoding: 'utf8',
	});
	if (status !== 0) return undefined;
	return (JSON.parse(stdout) as Array<Record<string, string | string[]> | null>).map((one) => {
		if (!one) return undefined;
		const text = (name: string): string => plain(one[name] as string);
		return {
			subject: text('subject'),
			from: addressesIn(one.from as string),
			text: text('text'),
			html: text('html'),
			names: listed(one.names as string[]),
			contents: listed(one.contents as string[]),
		};
	});
}

/** The addresses alone: programs write names in their own ways. */
const addressesIn = (text: string): string =>
	(text.match(/[^\s<>",;:()]+@[^\s<>",;:()]+/g) ?? []).join(' ').toLowerCase();
