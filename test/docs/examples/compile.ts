/** Type checks examples as a strict user's compiler does, all in one program. */
import { basename, join } from 'node:path';
import ts from 'typescript';
import { ROOT, SOURCES } from './modules';
import type { Example } from './example';

const FOLDER = join(ROOT, 'test/docs/examples');

const OPTIONS: ts.CompilerOptions = {
	strict: true,
	noUncheckedIndexedAccess: true,
	target: ts.ScriptTarget.ES2022,
	lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
	module: ts.ModuleKind.ESNext,
	moduleResolution: ts.ModuleResolutionKind.Bundler,
	types: ['node'],
	skipLibCheck: true,
	noEmit: true,
	paths: Object.fromEntries(Object.entries(SOURCES).map(([name, file]) => [name, [file]])),
};

/** @returns what the compiler has against each example, by its title */
export function compile(examples: readonly Example[]): Map<string, string[]> {
	const files = new Map(
		examples.map((example, index) => [join(FOLDER, `example-${index}.ts`), example] as const),
	);
	const host = ts.createCompilerHost(OPTIONS);
	const { fileExists, readFile, getSourceFile } = host;
	const textOf = (file: string): string | undefined => files.get(file)?.module;
	host.fileExists = (file) => files.has(file) || fileExists(file);
	host.readFile = (file) => textOf(file) ?? readFile(file);
	host.getSourceFile = (file, version, ...more) => {
		const text = textOf(file);
		return text === undefined
			? getSourceFile(file, version, ...more)
			: ts.createSourceFile(file, text, version);
	};
	const program = ts.createProgram([...files.keys()], OPTIONS, host);
	return new Map(
		[...files].map(([file, { title }]) => {
			const source = program.getSourceFile(file);
			const found = [
				...program.getSyntacticDiagnostics(source),
				...program.getSemanticDiagnostics(source),
			];
			return [
				title,
				found.map(({ messageText, start = 0 }) => complaint(source, start, messageText)),
			];
		}),
	);
}

function complaint(
	source: ts.SourceFile | undefined,
	start: number,
	text: string | ts.DiagnosticMessageChain,
): string {
	const line = source ? source.getLineAndCharacterOfPosition(start).line : 0;
	const code = source?.text.split('\n')[line]?.trim() ?? '';
	return `${ts.flattenDiagnosticMessageText(text, ' ')} (${basename(source?.fileName ?? '')}: ${code})`;
}
