/**
 * What the nodes advise about errors, from nodes/shared/errors/node-errors.ts itself. Its tables are not
 * exported: the codes are read from the source's syntax tree, the advice is asked of `adviceOn`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { Imap4Error, type ErrorCode } from '../../engine/index';
import { adviceOn } from '../../nodes/shared/errors/node-errors';
import { ROOT } from './package-nodes';

export interface Advice {
	/** A response code of the server, or a code of the engine. */
	code: string;
	kind: 'response code' | 'cause';
	advice: string;
}

const SOURCE = join(ROOT, 'nodes/shared/errors/node-errors.ts');
const TABLES = { BY_RESPONSE_CODE: 'response code', BY_CODE: 'cause' } as const;

/** @throws Error if the tables are not where they were, or say other than what users get */
export function errorAdvice(): Advice[] {
	const file = ts.createSourceFile(SOURCE, readFileSync(SOURCE, 'utf8'), ts.ScriptTarget.Latest);
	return Object.entries(TABLES).flatMap(([table, kind]) =>
		entriesOf(file, table).map(([code, written]) => {
			const error =
				kind === 'cause'
					? new Imap4Error(code as ErrorCode, '')
					: new Imap4Error('NO', '', { responseCode: code });
			const advice = adviceOn(error);
			if (advice !== written) throw new Error(`adviceOn says something else of ${code}: ${advice}`);
			return { code, kind, advice };
		}),
	);
}

function entriesOf(file: ts.SourceFile, table: string): [code: string, advice: string][] {
	for (const statement of file.statements) {
		if (!ts.isVariableStatement(statement)) continue;
		for (const { name, initializer } of statement.declarationList.declarations) {
			if (!ts.isIdentifier(name) || name.text !== table) continue;
			if (!initializer || !ts.isObjectLiteralExpression(initializer)) continue;
			return initializer.properties.map((property) => {
				if (ts.isPropertyAssignment(property) && ts.isStringLiteralLike(property.initializer)) {
					const { name: code } = property;
					if (ts.isIdentifier(code) || ts.isStringLiteral(code)) {
						return [code.text, property.initializer.text];
					}
				}
				throw new Error(`${table} holds more than texts by code`);
			});
		}
	}
	throw new Error(`There is no table ${table} in ${SOURCE}`);
}
