import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { targets } from './targets';

const FOLDER = path.join(__dirname, 'corpus');

/** One input a line, as a JSON string with one character an octet. */
function fileOf(target: string): string {
	return path.join(FOLDER, `${target.replaceAll(' ', '-')}.txt`);
}

/** The sound inputs of a target, and those that led to something in runs before. */
export function readCorpus(target: string): Buffer[] {
	const file = fileOf(target);
	const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
	return [
		...(targets[target]?.seeds ?? []).map((text) => Buffer.from(text)),
		...lines.map((line) => Buffer.from(JSON.parse(line) as string, 'latin1')),
	];
}

export function addToCorpus(target: string, inputs: readonly Uint8Array[]): void {
	mkdirSync(FOLDER, { recursive: true });
	const lines = inputs.map((input) => `${JSON.stringify(Buffer.from(input).toString('latin1'))}\n`);
	appendFileSync(fileOf(target), lines.join(''));
}
