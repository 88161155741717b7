/** A thousand generated messages, of random trees, charsets, encodings and names, come back as what they were made of. */
import * as fc from 'fast-check';
import { encode } from 'iconv-lite';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { beforeAll, expect, test } from 'vitest';
import { box, runNode, startServer, USER } from '../nodes/run-node';
import { readBack } from './read-case';

beforeAll(() => Container.get(BinaryDataService).init());

const MESSAGES = 1000;
/** Messages of one mailbox. */
const AT_ONCE = 50;

interface Charset {
	name: string;
	/** Characters that it can write. */
	letters: string;
}

const CHARSETS: readonly Charset[] = [
	{ name: 'utf-8', letters: 'aZ9 äß€漢字😀ж' },
	{ name: 'iso-8859-1', letters: 'aZ9 äßéñ' },
	{ name: 'windows-1252', letters: 'aZ9 ä€“”' },
	{ name: 'koi8-r', letters: 'aZ9 привет' },
	{ name: 'windows-1251', letters: 'aZ9 Їжак' },
	{ name: 'shift_jis', letters: 'aZ9 日本語テスト' },
	{ name: 'gb18030', letters: 'aZ9 漢字中文' },
	{ name: 'big5', letters: 'aZ9 中文測試' },
	{ name: 'euc-kr', letters: 'aZ9 한국어' },
];

type Node =
	| { kind: 'text'; text: string; charset: string; encoding: Encoding }
	| { kind: 'file'; name: string; content: Uint8Array; encoding: Encoding }
	| { kind: 'mixed'; parts: Node[] }
	| { kind: 'alternative'; text: Node & { kind: 'text' } };

type Encoding = '8bit' | 'base64' | 'quoted-printable';

const encoding = fc.constantFrom<Encoding>('8bit', 'base64', 'quoted-printable');
const text: fc.Arbitrary<Node & { kind: 'text' }> = fc
	.constantFrom(...CHARSETS)
	.chain(({ name, letters }) => {
		const word = fc
			.array(fc.constantFrom(...letters.replace(' ', '')), { minLength: 1, maxLength: 12 })
			.map((all) => all.join(''));
		const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(' '));
		return fc.record({
			kind: fc.constant('text' as const),
			text: fc.array(line, { minLength: 1, maxLength: 3 }).map((all) => `x${all.join('\n')}`),
			charset: fc.constant(name),
			encoding,
		});
	});
const file = fc.record({
	kind: fc.constant('file' as const),
	name: fc
		.array(fc.constantFrom(...'abc019 äж漢'), { minLength: 1, maxLength: 30 })
		.map((all) => `f${all.join('').trim().replace(/ +/g, ' ')}.bin`),
	content: fc.uint8Array({ maxLength: 200 }),
	encoding: fc.constantFrom<Encoding>('base64', 'quoted-printable'),
});
const alternative = fc.record({ kind: fc.constant('alternative' as const), text });
const tree: fc.Arbitrary<Node> = fc.letrec<{ node: Node; mixed: Node }>((tie) => ({
	node: fc.oneof({ maxDepth: 4 }, text, file, alternative, tie('mixed')),
	mixed: fc.record({
		kind: fc.constant('mixed' as const),
		parts: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
	}),
})).node;

const message = fc.record({ subject: text.map((one) => one.text.replace(/\n/g, ' ')), body: tree });

let boundaries = 0;

function encoded(bytes: Buffer, how: Encoding): string {
	if (how === 'base64') return bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
	if (how === '8bit') return bytes.toString('latin1').replace(/\n/g, '\r\n');
	const lines = [''];
	for (const byte of bytes) {
		const plain = byte > 32 && byte < 127 && byte !== 61;
		const piece = plain
			? String.fromCharCode(byte)
			: `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
		if ((lines.at(-1) as string).length + piece.length > 75) {
			lines[lines.length - 1] += '=';
			lines.push('');
		}
		lines[lines.length - 1] += piece;
	}
	return lines.join('\r\n');
}

const nameParameter = (name: string): string => `filename*=utf-8''${encodeURIComponent(name)}`;

function part(node: Node): string {
	switch (node.kind) {
		case 'text': {
			// A text of bytes that hold CR or LF within a character can't go as it is.
			const bytes = encode(node.text, node.charset);
			return [
				`Content-Type: text/plain; charset=${node.charset}`,
				`Content-Transfer-Encoding: ${node.encoding}`,
				'',
				encoded(bytes, node.encoding),
			].join('\r\n');
		}
		case 'file':
			return [
				'Content-Type: application/octet-stream',
				`Content-Disposition: attachment; ${nameParameter(node.name)}`,
				`Content-Transfer-Encoding: ${node.encoding}`,
				'',
				encoded(Buffer.from(node.content), node.encoding),
			].join('\r\n');
		case 'alternative': {
			const html = `<p>${node.text.text.replace(/\n/g, '<br>')}</p>`;
			return multipart('alternative', [
				part(node.text),
				['Content-Type: text/html; charset=utf-8', '', html].join('\r\n'),
			]);
		}
		case 'mixed':
			return multipart('mixed', node.parts.map(part));
	}
}

function multipart(subtype: string, parts: readonly string[]): string {
	const boundary = `=_b${boundaries++}`;
	return [
		`Content-Type: multipart/${subtype}; boundary="${boundary}"`,
		'',
		...parts.flatMap((one) => [`--${boundary}`, one]),
		`--${boundary}--`,
	].join('\r\n');
}

const texts = (node: Node): string[] =>
	node.kind === 'text'
		? [node.text]
		: node.kind === 'alternative'
			? [node.text.text]
			: node.kind === 'mixed'
				? node.parts.flatMap(texts)
				: [];

const files = (node: Node): Array<Node & { kind: 'file' }> =>
	node.kind === 'file' ? [node] : node.kind === 'mixed' ? node.parts.flatMap(files) : [];

function eml({ subject, body }: { subject: string; body: Node }): Buffer {
	// Bytes of other charsets stand in it one to a character.
	const top = [
		`Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
		'MIME-Version: 1.0',
		part(body),
	].join('\r\n');
	return Buffer.concat(
		top
			.split(/(<p>[^]*?<\/p>)/)
			.map((piece) => Buffer.from(piece, piece.startsWith('<p>') ? 'utf8' : 'latin1')),
	);
}

test('a thousand generated messages come back as what they were made of', async () => {
	let read = 0;
	const some = fc.array(message, { minLength: AT_ONCE, maxLength: AT_ONCE });
	for (const messages of fc.sample(some, { numRuns: MESSAGES / AT_ONCE, seed: 2026 })) {
		const server = await startServer();
		const inbox = server.account(USER).mailbox('INBOX');
		for (const one of messages) inbox.append(eml(one));
		const output = await runNode({
			node: 'imap4Message',
			operation: 'getMany',
			server,
			parameters: {
				mailbox: box('INBOX'),
				returnAll: true,
				order: 'oldest',
				body: 'text',
				downloadAttachments: true,
			},
		});
		expect(output).toHaveLength(messages.length);
		for (const [index, one] of messages.entries()) {
			const got = await readBack(output[index]);
			expect(got.subject).toBe(one.subject);
			expect(got.text?.trimEnd().replace(/\n+/g, '\n')).toBe(texts(one.body).join('\n').trimEnd());
			const wanted = files(one.body);
			expect(got.names).toEqual(wanted.map(({ name }) => name));
			expect(got.datas).toEqual(
				wanted.map(({ content }) => Buffer.from(content).toString('base64')),
			);
			read++;
		}
	}
	expect(read).toBe(MESSAGES);
});
