/** The import rule: each arrow of the layout is tried against the direction that it forbids. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(__dirname, '..', '..');
const ARROW_RULES = [
	'import-x/no-restricted-paths',
	'@typescript-eslint/no-restricted-imports',
	'no-restricted-globals',
];

let eslint: ESLint;
beforeAll(() => {
	// Without types: the arrows need none, and asking for them takes most of a linter's time.
	eslint = new ESLint({
		cwd: ROOT,
		overrideConfig: [
			{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked },
		] as Linter.Config[],
	});
});

/** The messages of the arrow rules about `code`, as if it stood in `file`. */
async function broken(file: string, code: string): Promise<string[]> {
	const [result] = await eslint.lintText(code, { filePath: join(ROOT, file) });
	const messages = result?.messages ?? [];
	expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
	return messages
		.filter(({ ruleId }) => ruleId !== null && ARROW_RULES.includes(ruleId))
		.map(({ message }) => message);
}

const importing = (path: string) => `import * as it from '${path}';\nexport const seen = it;\n`;

describe('forbidden', () => {
	test.each([
		['engine/wire/framer.ts', '../grammar/response', 'lowest layer'],
		['engine/wire/framer.ts', '../session/session', 'lowest layer'],
		['engine/grammar/response.ts', '../session/session', 'only wire'],
		['engine/grammar/response.ts', '../commands/session/login', 'only wire'],
		['engine/auth/plain.ts', '../session/session', 'knows no IMAP'],
		['engine/transport/socket.ts', '../session/session', 'knows no IMAP'],
		['engine/transport/socket.ts', '../wire/framer', 'knows no IMAP'],
		['engine/commands/session/login.ts', '../../session/session', 'knows no session'],
		['engine/commands/session/login.ts', '../../transport/socket', 'knows no session'],
		['engine/commands/session/login.ts', '../../imap4', 'below imap4.ts'],
		['engine/commands/session/login.ts', '../../methods/session-methods', 'below methods'],
		['engine/commands/command.ts', './session/session', 'below session'],
		['engine/client/outbox.ts', '../commands/session/login', 'below commands'],
		['engine/client/session.ts', '../imap4', 'below imap4.ts'],
		['engine/client/session.ts', '../commands/session/login', 'below commands'],
		['engine/client/connect.ts', './methods/session-methods', 'below methods'],
		['engine/client/methods/session-methods.ts', '../imap4', 'below imap4.ts'],
		['engine/client/imap4.ts', './index', 'below index.ts'],
		['engine/client/imap4.ts', '../nodes/Imap4Message/Imap4Message.node', 'stands alone'],
		['engine/client/imap4.ts', 'n8n-workflow', 'no dependencies'],
		['engine/transport/socket.ts', 'n8n-workflow', 'no dependencies'],
		...['net', 'tls', 'child_process', 'timers', 'timers/promises'].map((name) => [
			'engine/client/session.ts',
			`node:${name}`,
			'Only engine/transport',
		]),
		['engine/client/session.ts', 'net', 'no dependencies'],
		[
			'nodes/Imap4Message/Imap4Message.node.ts',
			'../../engine/client/session',
			"past the engine's index",
		],
		['nodes/Imap4Message/Imap4Message.node.ts', '../../engine/errors', "past the engine's index"],
		[
			'nodes/Imap4Message/Imap4Message.node.ts',
			'../Imap4Flags/Imap4Flags.node',
			'never import one another',
		],
		['nodes/Imap4Message/Imap4Message.node.ts', '../../test/server', 'not part of the published'],
		['nodes/Imap4Message/Imap4Message.node.ts', 'mailparser', 'mail/vendor'],
		['nodes/Imap4Message/Imap4Message.node.ts', 'node:net', 'Only engine/transport'],
		['test/server/index.ts', '../../engine/index', 'shares no code'],
		['test/server/index.ts', '../../engine/wire/framer', 'shares no code'],
		['demo/demo.ts', '../engine/client/session', "past the engine's index"],
	])('%s does not import %s', async (file, path, reason) => {
		expect((await broken(file, importing(path))).join('\n')).toContain(reason);
	});

	test('nodes/shared does not import a node', async () => {
		const file = 'nodes/shared/account/connection-pool.ts';
		expect(await broken(file, importing('../Imap4Flags/Imap4Flags.node'))).toEqual([
			expect.stringContaining('below the nodes'),
		]);
	});

	test('a type counts as an import', async () => {
		const code =
			"import type { Session } from '../session/session';\nexport type Seen = Session;\n";
		expect(await broken('engine/wire/framer.ts', code)).toHaveLength(1);
	});

	test('a timer outside engine/transport', async () => {
		expect(await broken('engine/client/session.ts', 'setTimeout(() => {}, 1);\n')).toEqual([
			expect.stringContaining('engine/transport'),
		]);
	});
});

describe('allowed', () => {
	test.each([
		['engine/grammar/response.ts', '../wire/reader'],
		['engine/commands/session/login.ts', '../../command'],
		['engine/client/session.ts', '../wire/framer'],
		['engine/client/session.ts', '../transport/socket'],
		['engine/transport/socket.ts', 'node:net'],
		['engine/client/imap4.ts', './session'],
		['nodes/Imap4Message/Imap4Message.node.ts', '../../engine'],
		['nodes/Imap4Message/Imap4Message.node.ts', '../../engine/index'],
		['nodes/Imap4Message/Imap4Message.node.ts', 'n8n-workflow'],
		['nodes/Imap4Message/Imap4Message.node.ts', '../shared/pool'],
	])('%s imports %s', async (file, path) => {
		expect(await broken(file, importing(path))).toEqual([]);
	});
});

test('every path that a zone names is there', async () => {
	const { zones } = (await import('../../eslint.arrows.mjs')) as {
		zones: Array<{ target: string; from: string; except: string[] }>;
	};
	const named = zones.flatMap(({ target, from, except }) => [
		target,
		from,
		...except.map((path) => join(from, path)),
	]);
	expect([...new Set(named)].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
