/** A small message with what a person should read of it, and what came of it. */
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { expect } from 'vitest';
import onceWrong from './cases/once-wrong.json';
import right from './cases/right.json';

export interface Case {
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

/** Those that came out wrong once, and those that must stay as they are. */
export const CASES: ReadonlyArray<[which: string, cases: Case[]]> = [
	['once wrong', onceWrong as unknown as Case[]],
	['right', right],
];

async function base64Of(file: IBinaryData): Promise<string> {
	return (await Container.get(BinaryDataService).getAsBuffer(file)).toString('base64');
}

/** @param item of Get Many with text and attachments */
export async function readBack(item: INodeExecutionData | undefined): Promise<Case['expected']> {
	const { json, binary = {} } = item ?? { json: {} };
	const files = Object.values(binary);
	return {
		...(json as Case['expected']),
		names: files.map(({ fileName }) => fileName ?? ''),
		datas: await Promise.all(files.map(base64Of)),
		headerlike: undefined,
	};
}

export function expectCase(got: Case['expected'], { expected: all }: Case): void {
	const { headerlike, text, ...expected } = all;
	if (headerlike) {
		const [name, value] = headerlike;
		expect((got as Record<string, unknown>)[name]).toBe(value);
	}
	expect(got).toMatchObject(expected);
	if (text !== undefined) expect(got.text?.trimEnd()).toBe(text.trimEnd());
}
