/** The engine's public functions, classes and methods, each with the examples in its comment. */
import ts from 'typescript';
import { SOURCES } from './modules';

export interface Documented {
	/** `open`, `OpenMailbox.close` … */
	name: string;
	examples: string[];
}

/** What an exported class has because it is an error, a value or an iterable. */
const IN_EVERY_CLASS = /^(?:__@.*|toString)$/;

export function publicApi(): Documented[] {
	const entry = SOURCES['imap4-engine'] as string;
	const program = ts.createProgram([entry], {
		strict: true,
		target: ts.ScriptTarget.ES2022,
		module: ts.ModuleKind.ESNext,
		moduleResolution: ts.ModuleResolutionKind.Bundler,
		types: ['node'],
		skipLibCheck: true,
	});
	const checker = program.getTypeChecker();
	const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile);
	const found = new Map<ts.Symbol, Documented>();
	const add = (symbol: ts.Symbol, name: string): void => {
		const tags = symbol.getJsDocTags(checker);
		const examples = tags
			.filter((tag) => tag.name === 'example')
			.map(({ text }) => ts.displayPartsToString(text));
		found.set(symbol, { name, examples });
	};
	for (const exported of checker.getExportsOfModule(module as ts.Symbol)) {
		const alias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
		const symbol = alias ? checker.getAliasedSymbol(exported) : exported;
		if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) add(symbol, symbol.name);
		if (!(symbol.flags & ts.SymbolFlags.Class)) continue;
		const members = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
		for (const member of [...members, ...(symbol.exports?.values() ?? [])]) {
			if (isPublicMethod(member, checker) && !IN_EVERY_CLASS.test(member.name)) {
				add(member, `${symbol.name}.${member.name}`);
			}
		}
	}
	return [...found.values()];
}

function isPublicMethod(member: ts.Symbol, checker: ts.TypeChecker): boolean {
	if (!(member.flags & ts.SymbolFlags.Method)) return false;
	const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
	return (
		(member.declarations ?? []).some(
			(declaration) =>
				declaration.getSourceFile().fileName.includes('/engine/') &&
				!(ts.getCombinedModifierFlags(declaration) & hidden),
		) && !member.getJsDocTags(checker).some(({ name }) => name === 'internal')
	);
}
