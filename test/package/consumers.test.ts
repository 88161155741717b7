/** Both tarballs as others use them: compiled strictly in every module system, and loaded. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(__dirname, '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const PACKAGES = [
	{ module: 'imap4-engine', folder: join(ROOT, 'engine') },
	{ module: 'n8n-nodes-imap4/engine', folder: ROOT },
];

let consumer: string;
const tarballs: string[] = [];

function run(program: string, args: string[], cwd: string): string {
	try {
		const shell = process.platform === 'win32';
		return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: 'pipe', shell });
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
	}
}

beforeAll(() => {
	consumer = mkdtempSync(join(tmpdir(), 'imap4-consumer-'));
	writeFileSync(join(consumer, 'package.json'), '{ "private": true }');
	for (const { folder } of PACKAGES) {
		const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer];
		const [packed] = JSON.parse(run('npm', args, folder)) as [{ filename: string }];
		tarballs.push(join(consumer, packed.filename));
	}
});
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

test('installing the engine adds one package', () => {
	const folder = join(consumer, 'empty');
	mkdirSync(folder);
	writeFileSync(join(folder, 'package.json'), '{}');
	run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarballs[0] as string], folder);
	const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, object>;
	};
	expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/imap4-engine']);
});

test("the engine's tarball holds what is built, and its documents", () => {
	const [files] = JSON.parse(
		run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], join(ROOT, 'engine')),
	) as [{ files: { path: string }[] }];
	const document = /^(package\.json|README\.md|LICENSE)$/;
	const built = /^dist\/\w+\.(js|mjs|d\.ts|d\.mts)$/;
	const paths = files.files.map(({ path }) => path);
	expect(paths.filter((path) => !document.test(path) && !built.test(path))).toEqual([]);
	expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'dist/index.mjs', 'dist/index.d.mts']));
	const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
	expect(read('engine/LICENSE')).toBe(read('LICENSE'));
});

test('both packages have the same version', () => {
	const version = (folder: string): string =>
		(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
	expect(version(join(ROOT, 'engine'))).toBe(version(ROOT));
});

describe('the manifests', () => {
	test.each(PACKAGES)('of $module satisfy publint', ({ folder }) => {
		run(join(BIN, 'publint'), ['--strict'], folder);
	});

	test.each([0, 1])('of tarball %s resolve in every module system (attw)', (at) => {
		run(join(BIN, 'attw'), [tarballs[at] as string, '--format', 'json'], consumer);
	});
});

const SYSTEMS = [
	{ name: 'node16-ESM', module: 'node16', moduleResolution: 'node16', type: 'module' },
	{ name: 'node16-CJS', module: 'node16', moduleResolution: 'node16', type: 'commonjs' },
	{ name: 'bundler', module: 'esnext', moduleResolution: 'bundler', type: 'module' },
	{ name: 'node10', module: 'commonjs', moduleResolution: 'node10', type: 'commonjs' },
];

describe.each(PACKAGES)('$module', ({ module }) => {
	beforeAll(() => {
		const at = PACKAGES.findIndex((one) => one.module === module);
		const target = join(consumer, 'node_modules', (module.split('/') as [string])[0]);
		mkdirSync(target, { recursive: true });
		run('tar', ['-xzf', tarballs[at] as string, '-C', target, '--strip-components=1'], consumer);
		const types = join(consumer, 'node_modules', '@types');
		mkdirSync(types, { recursive: true });
		for (const name of ['@types/node', 'undici-types']) {
			const link = join(consumer, 'node_modules', name);
			rmSync(link, { force: true });
			mkdirSync(dirname(link), { recursive: true });
			symlinkSync(join(ROOT, 'node_modules', name), link, 'junction');
		}
	});

	test.each(SYSTEMS)(
		'compiles for a strict user of $name',
		({ name, module: system, moduleResolution, type }) => {
			const folder = join(consumer, `${module.replace('/', '-')}-${name}`);
			mkdirSync(folder);
			const source = readFileSync(join(__dirname, 'consumer.ts.txt'), 'utf8');
			writeFileSync(join(folder, 'consumer.ts'), source.replaceAll('imap4-engine', module));
			if (module === 'imap4-engine') {
				const testing = readFileSync(join(__dirname, 'testing-consumer.ts.txt'), 'utf8');
				writeFileSync(join(folder, 'testing-consumer.ts'), testing);
			}
			writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
			writeFileSync(
				join(folder, 'tsconfig.json'),
				JSON.stringify({
					compilerOptions: {
						module: system,
						moduleResolution,
						target: 'es2022',
						lib: ['es2022'],
						types: ['node'],
						noEmit: true,
						strict: true,
						skipLibCheck: false,
						exactOptionalPropertyTypes: true,
						noUncheckedIndexedAccess: true,
						noPropertyAccessFromIndexSignature: true,
						esModuleInterop: false,
						ignoreDeprecations: '6.0',
					},
				}),
			);
			expect(run(join(BIN, 'tsc'), ['-p', folder], folder)).toBe('');
		},
		60_000,
	);

	test('is loaded by require and by import, with the same classes', () => {
		const script = `
			const required = require('${module}');
			import('${module}').then((imported) => process.stdout.write(JSON.stringify({
				same: Object.keys(required).filter((name) => imported[name] !== required[name]),
				name: new imported.Imap4Error('ARGUMENT', 'x').name,
			})));
		`;
		expect(JSON.parse(run(process.execPath, ['-e', script], consumer))).toEqual({
			same: [],
			name: 'Imap4Error',
		});
	});
});

test('imap4-engine/testing is loaded by require and by import, and serves the engine', () => {
	const script = `
		const { Imap4 } = require('imap4-engine');
		import('imap4-engine/testing').then(async ({ MemoryServer }) => {
			const server = await MemoryServer.start();
			server.addAccount('ann', 'secret').mailbox('INBOX').append('Subject: Hello\\r\\n\\r\\n');
			const auth = { user: 'ann', password: 'secret' };
			const { host, port } = server;
			const imap = await Imap4.connect({ host, port, security: 'none', auth });
			const { exists } = await imap.open('INBOX');
			await imap.logout();
			await server.stop();
			const same = MemoryServer === require('imap4-engine/testing').MemoryServer;
			process.stdout.write(JSON.stringify({ same, exists }));
		});
	`;
	const printed = run(process.execPath, ['-e', script], consumer);
	expect(JSON.parse(printed)).toEqual({ same: true, exists: 1 });
});
