/** What `npm publish` would send, and that it works where users run it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schemaFile } from '../../docs/generator/output-schema';
import { packageNodes } from '../../docs/generator/package-nodes';
import { packedFiles } from '../../demo/n8n/package-files';

const ROOT = join(__dirname, '..', '..');

interface PackageJson {
	dependencies?: Record<string, string>;
	bundleDependencies?: string[];
	overrides?: unknown;
	scripts: Record<string, string>;
	exports: Record<string, string | Record<string, string>>;
	n8n: { credentials: string[]; nodes: string[] };
}
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as PackageJson;

let files: string[];
beforeAll(async () => {
	files = await packedFiles();
});

describe('the tarball', () => {
	test('holds the documents', () => {
		expect(files).toEqual(
			expect.arrayContaining([
				'package.json',
				'README.md',
				'LICENSE',
				'CHANGELOG.md',
				'SECURITY.md',
				'dist/THIRD-PARTY-LICENSES.txt',
			]),
		);
	});

	test('holds nothing that only we need', () => {
		const document =
			/^(package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|workflows\/[a-z-]+\.json)$/;
		const built =
			/^dist\/(THIRD-PARTY-LICENSES\.txt|(bundle|mail|third-party)\.js|engine\/(index|shared)\.(d\.ts|js)|(nodes|credentials)\/.*\.(js|svg|node\.json)|nodes\/\w+\/__schema__\/v[\d.]+(\/\w+){0,2}\.json)$/;
		expect(files.filter((path) => !document.test(path) && !built.test(path))).toEqual([]);
	});

	test('holds every file that package.json names', () => {
		const exported = Object.values(manifest.exports)
			.flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
			.map((path) => path.replace('./', ''));
		const named = [...manifest.n8n.credentials, ...manifest.n8n.nodes, ...exported];
		expect(named.filter((path) => !files.includes(path))).toEqual([]);
	});

	test('holds a codex file and the icons beside each node', () => {
		for (const node of manifest.n8n.nodes) {
			const codex = node.replace(/\.js$/, '.json');
			expect(files).toContain(codex);
			const folder = node.slice(0, node.lastIndexOf('/'));
			const icons = [...read(node).matchAll(/file:([^'"]+\.svg)/g)].map(([, icon]) =>
				join(folder, icon ?? ''),
			);
			expect(files).toEqual(expect.arrayContaining(icons));
		}
	});

	test('holds the output schema of every operation, where n8n looks for it', async () => {
		const missing: string[] = [];
		for (const node of await packageNodes()) {
			for (const operation of node.operations) {
				const file = schemaFile(node, operation);
				if (file !== undefined && !files.includes(`dist/${file}`)) missing.push(file);
			}
		}
		expect(missing).toEqual([]);
	});

	test('loads the engine, and what reads and writes mail, when a node first runs', () => {
		const script = `
			const { n8n } = require('./package.json');
			for (const file of [...n8n.credentials, ...n8n.nodes]) {
				for (const made of Object.values(require('./' + file))) new made();
			}
			process.stdout.write(Object.keys(require.cache).filter((file) => /dist/.test(file)).join('\\n'));
		`;
		const loaded = execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' });
		const ours = (name: string): string => join(ROOT, 'dist', name);
		expect(loaded.split('\n')).toContain(ours('bundle.js'));
		for (const later of ['engine/index.js', 'mail.js', 'third-party.js']) {
			expect(files).toContain(`dist/${later}`);
			expect(loaded.split('\n')).not.toContain(ours(later));
		}
	});

	test('names the licence of every library whose code it holds', () => {
		const bundle = 'dist/third-party.js';
		expect(files).toContain(bundle);
		const licences = read('dist/THIRD-PARTY-LICENSES.txt');
		const bundled = new Set(
			[...read(bundle).matchAll(/^\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(
				([, name]) => name,
			),
		);
		expect(bundled.size).toBeGreaterThan(0);
		for (const name of bundled) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
	});
});

describe('package.json', () => {
	test('has no runtime dependencies and no overrides', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.bundleDependencies ?? []).toEqual([]);
		expect(manifest.overrides).toBeUndefined();
	});

	test('runs nothing on the machine that installs it', () => {
		const onInstall = [
			'preinstall',
			'install',
			'postinstall',
			'prepare',
			'prepublish',
			'preprepare',
		];
		expect(Object.keys(manifest.scripts).filter((name) => onInstall.includes(name))).toEqual([]);
	});
});

describe('the lockfile', () => {
	const lockfile = read('package-lock.json');

	test('names no host', () => {
		// The other addresses in it are those of sponsors.
		const { packages } = JSON.parse(lockfile) as {
			packages: Record<string, { funding?: unknown; resolved?: string; link?: boolean }>;
		};
		const resolved = Object.values(packages).filter((entry) => entry.resolved !== undefined);
		// A workspace is a folder of this repository.
		expect(resolved).toEqual([{ resolved: 'engine', link: true }]);
		for (const entry of Object.values(packages)) delete entry.funding;
		expect(JSON.stringify(packages)).not.toMatch(/https?:\/\//);
	});

	test('knows every optional dependency, without which npm ci refuses to start', () => {
		const { packages } = JSON.parse(lockfile) as {
			packages: Record<string, { optionalDependencies?: Record<string, string> }>;
		};
		const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').pop()));
		const lacking = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
			Object.keys(optionalDependencies).filter((name) => !names.has(name)),
		);
		expect(lacking).toEqual([]);
	});
});

/** Ours, and the system's own, which is an older one as a rule. */
const nodePrograms = [
	process.execPath,
	...(process.env.PATH ?? '')
		.split(delimiter)
		.filter((folder) => !folder.includes('node_modules'))
		.map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
		.filter(existsSync)
		.slice(0, 1),
];

describe('the built package', () => {
	const script = `
		const engine = require('./${join('dist', 'engine', 'index.js')}');
		const nodes = ${JSON.stringify(manifest.n8n.nodes)}.map((path) => Object.keys(require('./' + path)));
		process.stdout.write(JSON.stringify({ version: process.versions.node, engine: Object.keys(engine), nodes }));
	`;
	test.each(nodePrograms)('is loaded by %s', (node) => {
		const { engine, nodes } = JSON.parse(
			execFileSync(node, ['-e', script], { cwd: ROOT, encoding: 'utf8' }),
		) as { engine: string[]; nodes: string[][] };
		expect(engine).toEqual(expect.arrayContaining(['Imap4', 'parseResponses']));
		expect(nodes).toEqual(
			manifest.n8n.nodes.map((path) => [path.replace(/^.*\/(\w+)\.node\.js$/, '$1')]),
		);
	});

	test('gives the engine under its export name', () => {
		const { Imap4 } = JSON.parse(
			execFileSync(
				process.execPath,
				['-p', 'JSON.stringify({ Imap4: typeof require("n8n-nodes-imap4/engine").Imap4 })'],
				{ cwd: ROOT, encoding: 'utf8' },
			),
		) as { Imap4: string };
		expect(Imap4).toBe('function');
	});
});
