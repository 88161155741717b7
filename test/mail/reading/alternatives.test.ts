/** Alternatives that say nothing: a message can have thousands of them. */
import { expect, test } from 'vitest';
import { treeFromBytes } from '../../../mail/mime-tree/from-bytes';
import type { MimePart } from '../../../mail/mime-tree/mime-part';
import { readableParts } from '../../../mail/reading/body';
import { readText } from '../../../mail/reading/read-body';

const OPTIONS = { format: 'text', links: 'keep', images: false } as const;

/** Reads a message as from a server. @returns its text, and how often parts had to be asked for */
async function read(message: string): Promise<{ text: string; rounds: number }> {
	const { body } = readableParts(await treeFromBytes(Buffer.from(message, 'latin1')));
	const known = new Map<MimePart, string>();
	const shown = new Map<MimePart, string>();
	for (let rounds = 0; ; rounds++) {
		const found = await readText(body, known, OPTIONS, shown);
		if ('text' in found) return { ...found, rounds };
		for (const part of found.needs) known.set(part, part.content?.toString() ?? '');
	}
}

const part = (type: string, text: string): string =>
	`--a\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
const alternatives = (...parts: string[]): string =>
	`Content-Type: multipart/alternative; boundary=a\r\n\r\n${parts.join('')}--a--\r\n`;

test('the first form is all that is read where it says something', async () => {
	const message = alternatives(part('text/plain', 'plain'), part('text/html', '<p>html'));
	expect(await read(message)).toEqual({ text: 'plain', rounds: 1 });
});

test('thousands that say nothing are read at once, and each only once', async () => {
	const blank = part('text/html', '<p></p>'.repeat(100));
	const message = alternatives(
		...Array.from({ length: 4000 }, () => blank),
		part('text/html', '<p>x'),
	);
	expect(await read(message)).toEqual({ text: 'x', rounds: 2 });
});
