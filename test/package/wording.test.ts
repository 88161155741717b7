/** What people read is plain technical English: no phrase of `scripts/wording.mjs` is left in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import {
	createSourceFile,
	isCallExpression,
	isIdentifier,
	isPropertyAccessExpression,
	isStringLiteralLike,
	isTemplateExpression,
	ScriptTarget,
	type Expression,
	type Node,
} from 'typescript';
import { describe, expect, test } from 'vitest';
import { PHRASES } from '../../scripts/wording.mjs';

const ROOT = join(__dirname, '../..');
const READ = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const below = (folder: string, extension: string): string[] =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith(extension))
		.map((name) => join(folder, name));

const MARKDOWN = [
	'README.md',
	'CHANGELOG.md',
	'CONTRIBUTING.md',
	'SECURITY.md',
	...below('docs', '.md'),
];

function phrasesIn(text: string): string[] {
	return PHRASES.flatMap(([phrase, instead]) =>
		[...text.matchAll(new RegExp(`.{0,40}(?:${phrase}).{0,20}`, 'gi'))].map(
			([found]) => `${found} → ${instead}`,
		),
	);
}

/** Markdown without code, which may have words of its own. */
const prose = (text: string): string =>
	text.replace(/^ *(```|~~~)[\s\S]*?^ *\1/gm, '').replace(/`[^`\n]*`/g, '');

test.each(MARKDOWN)('%s', (path) => {
	expect(phrasesIn(prose(READ(path)))).toEqual([]);
});

test.each(below('workflows', '.json'))('the notes of %s', (path) => {
	const { nodes } = JSON.parse(READ(path)) as {
		nodes: Array<{ parameters?: { content?: string } }>;
	};
	const notes = nodes.map(({ parameters }) => parameters?.content ?? '').join('\n');
	expect(phrasesIn(prose(notes))).toEqual([]);
});

/** What a test file calls its tests, without running it. */
function titlesIn(path: string): string[] {
	const file = createSourceFile(path, READ(path), ScriptTarget.Latest);
	const titles: string[] = [];
	const visit = (node: Node): void => {
		if (isCallExpression(node) && /^(?:test|describe)$/.test(firstName(node.expression))) {
			const [title] = node.arguments;
			if (title && (isStringLiteralLike(title) || isTemplateExpression(title))) {
				titles.push(title.getText(file));
			}
		}
		node.forEachChild(visit);
	};
	visit(file);
	return titles;
}

/** `test` of `test.skipIf(missing).each([…])`. */
function firstName(expression: Expression): string {
	if (isIdentifier(expression)) return expression.text;
	return isCallExpression(expression) || isPropertyAccessExpression(expression)
		? firstName(expression.expression)
		: '';
}

test('the titles of tests', () => {
	const titles = below('test', '.test.ts').flatMap(titlesIn);
	expect(titles.length).toBeGreaterThan(2000);
	expect(titles.flatMap(phrasesIn)).toEqual([]);
});

describe('the check', () => {
	test('finds a phrase in Markdown, and leaves code alone', () => {
		expect(phrasesIn(prose('Deleted for good.'))).toHaveLength(1);
		expect(phrasesIn(prose('Deleted `for good`.'))).toEqual([]);
	});

	test('fails the lint of a node whose strings hold a phrase', async () => {
		const eslint = new ESLint({ cwd: ROOT });
		const filePath = join(ROOT, 'nodes/Imap4Message/transfer.ts');
		const [result] = await eslint.lintText(
			'export const a = "The UID was given anew";\nexport const b = `\\${a} is told in docs`;\n',
			{ filePath },
		);
		const ours = result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-syntax');
		expect(ours?.map(({ message }) => message)).toEqual([
			expect.stringContaining('again'),
			expect.stringContaining('is described in'),
			expect.stringContaining('reports'),
		]);
	}, 60_000);
});
