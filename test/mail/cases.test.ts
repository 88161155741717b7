/**
 * Small messages with what a person should read of them, through the Message node. Those in
 * once-wrong.json came out wrong before; those in right.json must stay as they are.
 */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import onceWrong from './cases/once-wrong.json';
import right from './cases/right.json';
import { box, runNode, startServer, USER } from '../nodes/run-node';

interface Case {
	name: string;
	/** The message in base64. */
	octets: string;
	expected: {
		subject?: string;
		from?: string;
		to?: string;
		text?: string;
		/** Names of attachments. */
		names?: string[];
		/** Their bytes in base64. */
		datas?: string[];
		/** A header field by name, and its text. */
		headerlike?: [string, string];
	};
}

beforeAll(() => Container.get(BinaryDataService).init());

async function base64Of(file: IBinaryData): Promise<string> {
	return (await Container.get(BinaryDataService).getAsBuffer(file)).toString('base64');
}

async function readBack(octets: string): Promise<Case['expected']> {
	const server = await startServer();
	server.account(USER).mailbox('INBOX').append(Buffer.from(octets, 'base64'));
	const [item] = await runNode({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { mailbox: box('INBOX'), body: 'text', downloadAttachments: true },
	});
	const { json, binary = {} } = item ?? { json: {} };
	const files = Object.values(binary);
	return {
		...(json as Case['expected']),
		names: files.map(({ fileName }) => fileName ?? ''),
		datas: await Promise.all(files.map(base64Of)),
		headerlike: undefined,
	};
}

describe.each([
	['once wrong', onceWrong as unknown as Case[]],
	['right', right as unknown as Case[]],
])('%s', (_which, cases) => {
	test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
		const { headerlike, text, ...expected } = one.expected;
		const got = await readBack(one.octets);
		if (headerlike) {
			const [name, value] = headerlike;
			expect((got as Record<string, unknown>)[name]).toBe(value);
		}
		expect(got).toMatchObject(expected);
		if (text !== undefined) expect(got.text?.trimEnd()).toBe(text.trimEnd());
	});
});
