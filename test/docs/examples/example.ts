/**
 * An example of the documentation, as a module that can be compiled and run. What every example has at
 * hand is in {@link Scene}; what it needs besides it has to import. `expression; // value` is checked,
 * where the comment is a value.
 */
import ts from 'typescript';
import * as engine from '../../../engine/index';
import type { Imap4, OpenMailbox } from '../../../engine/index';
import { load } from './modules';

/** What is there for every example. */
export interface Scene {
	/** Logged in as ann@example.com. */
	imap: Imap4;
	/** INBOX, open. */
	mailbox: OpenMailbox;
	/** An empty folder. */
	folder: string;
	/** A program for Node that speaks IMAP on its standard streams. */
	imapProgram: string;
}

type Check = (actual: unknown, expected: unknown) => void;
type Run = (
	load: (name: string) => unknown,
	engine: object,
	scene: Scene,
	console: Pick<Console, 'log'>,
	check: Check,
) => Promise<void>;

const IMPORT = /^import (?:type )?(\{[^}]*\}|\* as \w+|\w+) from '([^']+)';$/gm;
const EXPECTED = /^(\s*)(?!const |let |await |if |for |return |throw )(.+?); \/\/ (.+)$/gm;

export class Example {
	/** For the compiler. */
	readonly module: string;

	constructor(
		readonly title: string,
		private readonly code: string,
		/** Whether the names of the engine are there without an import, as in its own reference. */
		private readonly inReference: boolean,
	) {
		const imports = [...code.matchAll(IMPORT)].map(([line]) => line);
		const names = Object.keys(engine).join(', ');
		this.module = [
			"import type { Imap4 as Session, OpenMailbox as Opened } from 'imap4-engine';",
			inReference ? `import { ${names} } from 'imap4-engine';` : '',
			...imports,
			'declare const imap: Session, mailbox: Opened, folder: string, imapProgram: string;',
			`export async function run() {{\n${code.replace(IMPORT, '')}\n}}`,
		].join('\n');
	}

	async run(scene: Scene, check: Check): Promise<void> {
		const body = this.code
			.replace(IMPORT, (_line, names: string, module: string) => taken(names, module))
			.replace(/\bimport\(/g, 'load(')
			.replace(EXPECTED, checked);
		const names = this.inReference ? `const { ${Object.keys(engine).join(', ')} } = engine;` : '';
		const source = `return (async () => { const { imap, mailbox, folder, imapProgram } = scene;
			${names} {\n${body}\n} })();`;
		const { outputText } = ts.transpileModule(`export function run() { ${source} }`, {
			compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
		});
		const script = `${outputText.replace(/^export /gm, '')}\nreturn run();`;
		const run = new Function('load', 'engine', 'scene', 'console', 'check', script) as Run;
		await run(load, engine, scene, { log: () => undefined }, check);
	}
}

function taken(names: string, module: string): string {
	const wanted = names
		.replace(/\btype \w+,?/g, '')
		.replace(/^\* as /, '')
		.replace(/ as /g, ': ');
	return `const ${wanted} = load('${module}');`;
}

function checked(line: string, indent: string, expression: string, comment: string): string {
	return isValue(comment) ? `${indent}check(${expression}, ${comment});` : line;
}

/** Whether a comment is the text of a value: a string, a number, a list, an object … */
function isValue(text: string): boolean {
	const { statements } = ts.createSourceFile('value.ts', `(${text})`, ts.ScriptTarget.ES2022);
	const [statement] = statements;
	if (statements.length !== 1 || !statement || !ts.isExpressionStatement(statement)) return false;
	const { expression } = statement;
	return (
		ts.isParenthesizedExpression(expression) &&
		(ts.isLiteralExpression(expression.expression) ||
			ts.isArrayLiteralExpression(expression.expression) ||
			ts.isObjectLiteralExpression(expression.expression) ||
			/^(true|false|null|undefined)$/.test(text))
	);
}
