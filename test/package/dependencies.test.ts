/** The dependency rules: each is broken once, in a small copy of the layout. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(__dirname, '..', '..');

interface Rule {
	name: string;
}
interface Violation {
	rule: Rule;
	from: string;
	to: string;
}

/** What a file imports, and the rule that this breaks. */
const BROKEN: ReadonlyArray<[file: string, imports: string, rule: string]> = [
	['engine/a.ts', '../nodes/shared/a', 'engine-stays-below'],
	['engine/wire/a.ts', '../grammar/a', 'engine-wire-stays-below'],
	['engine/grammar/a.ts', '../commands/a', 'engine-grammar-stays-below'],
	['engine/auth/a.ts', '../grammar/a', 'engine-auth-stays-below'],
	['engine/transport/a.ts', '../wire/a', 'engine-transport-stays-below'],
	['engine/commands/a.ts', '../client/a', 'engine-commands-stays-below'],
	['engine/commands/b.ts', '../transport/a', 'engine-commands-stays-below'],
	['engine/client/a.ts', '../index', 'engine-client-stays-below'],
	['engine/errors.ts', './wire/a', 'engine-errors-at-the-bottom'],
	['engine/client/b.ts', 'n8n-workflow', 'engine-has-no-dependencies'],
	['engine/client/c.ts', 'node:net', 'sockets-only-in-engine-transport'],
	['engine/client/d.ts', 'node:timers/promises', 'sockets-only-in-engine-transport'],
	['mail/a.ts', '../engine/index', 'mail-knows-no-connection'],
	['mail/b.ts', 'n8n-workflow', 'mail-knows-no-n8n'],
	['mail/c.ts', 'libmime', 'libraries-only-in-mail-vendor'],
	['mail/d.ts', '../nodes/shared/a', 'mail-stays-below'],
	['mail/e.ts', '../engine/client/a', 'no-reaching-past-the-engine-index'],
	['mail/g.ts', './h', 'no-circles'],
	['credentials/a.ts', '../nodes/Imap4A/a', 'credentials-stays-below'],
	['nodes/shared/a.ts', '../Imap4A/a', 'nodes-shared-stays-below'],
	['nodes/shared/errors/a.ts', '../fields/b', 'nodes-shared-errors-stays-below'],
	['nodes/shared/fields/a.ts', '../execution/b', 'nodes-shared-fields-stays-below'],
	['nodes/shared/account/a.ts', '../execution/b', 'nodes-shared-account-stays-below'],
	['nodes/shared/mailbox/a.ts', '../message/b', 'nodes-shared-mailbox-stays-below'],
	['nodes/shared/message/a.ts', '../execution/b', 'nodes-shared-message-stays-below'],
	['nodes/shared/execution/a.ts', '../operations/b', 'nodes-shared-execution-stays-below'],
	['nodes/shared/operations/a.ts', '../a', 'nodes-shared-operations-stays-below'],
	['nodes/Imap4A/b.ts', '../Imap4B/a', 'nodes-import-no-other-node'],
	['nodes/Imap4A/c.ts', '../../engine/client/a', 'no-reaching-past-the-engine-index'],
	['nodes/Imap4A/d.ts', 'libmime', 'libraries-only-in-mail-vendor'],
	['nodes/Imap4A/e.ts', 'node:tls', 'sockets-only-in-engine-transport'],
	['nodes/Imap4A/f.ts', '../../test/server/a', 'shipped-files-import-shipped-files'],
	['scripts/a.ts', '../nodes/shared/a', 'scripts-stays-below'],
	['test/server/b.ts', '../../engine/index', 'test-server-shares-no-code'],
	['demo/a.ts', '../engine/client/a', 'no-reaching-past-the-engine-index'],
];

const ALLOWED: ReadonlyArray<[file: string, imports: string]> = [
	['engine/index.ts', './client/e'],
	['engine/client/e.ts', '../commands/e'],
	['engine/commands/e.ts', '../grammar/e'],
	['engine/grammar/e.ts', '../wire/e'],
	['engine/transport/e.ts', 'node:net'],
	['engine/wire/e.ts', 'node:buffer'],
	['mail/vendor/e.ts', 'libmime'],
	['nodes/shared/e.ts', '../../mail/f'],
	['nodes/shared/f.ts', '../../engine/index'],
	['nodes/shared/fields/b.ts', '../errors/b'],
	['nodes/shared/account/b.ts', '../fields/b'],
	['nodes/shared/mailbox/b.ts', '../account/b'],
	['nodes/shared/execution/b.ts', '../message/b'],
	['nodes/shared/operations/b.ts', '../execution/b'],
	['nodes/shared/message/b.ts', '../../../mail/f'],
	['nodes/shared/errors/b.ts', '../../../engine/index'],
	['nodes/Imap4A/g.ts', '../shared/e'],
	['nodes/Imap4A/h.ts', 'n8n-workflow'],
	['test/server/a.ts', 'node:net'],
];

let folder: string;
let violations: Violation[];
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'dependencies-'));
	const write = (file: string, text: string): void => {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), text);
	};
	for (const [file, imports] of [...BROKEN, ...ALLOWED]) {
		write(file, `import * as it from '${imports}';\nexport const seen = it;\n`);
	}
	for (const name of ['nodes/Imap4A', 'nodes/Imap4B']) {
		write(`${name}/a.ts`, 'export const seen = 1;\n');
	}
	write(
		'mail/f.ts',
		"import type { seen } from '../engine/index';\nexport type Seen = typeof seen;\n",
	);
	write('mail/h.ts', "export { seen } from './g';\n");
	for (const name of ['n8n-workflow', 'libmime']) {
		write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
		write(`node_modules/${name}/index.js`, 'exports.seen = 1;\n');
	}
	write('package.json', JSON.stringify({ devDependencies: { libmime: '1', 'n8n-workflow': '1' } }));
	write('tsconfig.json', '{}');
	const { cruise } = await import('dependency-cruiser');
	const { default: rules } = (await import(join(ROOT, '.dependency-cruiser.mjs'))) as {
		default: { forbidden: object[]; options: object };
	};
	const { output } = await cruise(['.'], {
		...rules.options,
		tsConfig: { fileName: join(folder, 'tsconfig.json') },
		baseDir: folder,
		validate: true,
		ruleSet: { forbidden: rules.forbidden },
	} as object);
	({ violations } = (output as unknown as { summary: { violations: Violation[] } }).summary);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a rule refuses', () => {
	test.each(BROKEN)('%s importing %s: %s', (file, _imports, rule) => {
		expect(violations.filter(({ from }) => from === file).map((one) => one.rule.name)).toContain(
			rule,
		);
	});

	test('everything that it forbids, and the table here breaks each rule', async () => {
		const { default: rules } = (await import(join(ROOT, '.dependency-cruiser.mjs'))) as {
			default: { forbidden: Rule[] };
		};
		const tried = new Set(BROKEN.map(([, , rule]) => rule));
		expect(rules.forbidden.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
	});
});

describe('no rule refuses', () => {
	test.each([...ALLOWED, ['mail/f.ts', 'a type of engine/index']])('%s importing %s', (file) => {
		expect(violations.filter(({ from }) => from === file)).toEqual([]);
	});
});
