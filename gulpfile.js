/**
 * The build. tsc compiles engine/, credentials/ and nodes/; what it doesn't do is done here: icons and
 * codex files are copied, and the third-party libraries that the nodes use are bundled with their
 * licences, since a community node package may have no runtime dependencies. The engine is built a
 * second time as a package of its own, into engine/dist/.
 *
 * Everything is made in a folder of its own that takes the place of dist/ at the end, so a build that
 * fails leaves the last good one, and code that runs from dist/ meanwhile never meets half of one.
 */
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { dest, parallel, series, src } = require('gulp');

const BUILDING = path.join(__dirname, '.cache', `build-${process.pid}`);
const DIST = path.join(__dirname, 'dist');
const ENGINE_BUILDING = `${BUILDING}-engine`;
const ENGINE_DIST = path.join(__dirname, 'engine', 'dist');
/** What the engine's package exports, by file name. */
const ENGINE_ENTRIES = ['index', 'imaplib'];
/** And the in-memory server, for other people's tests, which shares no code with the engine. */
const TESTING = 'testing';
const TESTING_SOURCE = path.join('test', 'server');
/** The oldest Node of package.json's engines. */
const TARGET = 'node20.19';
const VENDOR = path.join('mail', 'vendor');
const BUNDLE = 'third-party';

let hashBefore = '';
const buildStamp = () => import(pathToFileURL(path.join(__dirname, 'scripts', 'build-stamp.mjs')));

async function begin() {
	hashBefore = (await buildStamp()).sourceHash();
	for (const folder of [BUILDING, ENGINE_BUILDING]) {
		fs.rmSync(folder, { recursive: true, force: true });
		fs.mkdirSync(folder, { recursive: true });
	}
}

function compile(done) {
	const tsc = path.join(path.dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
	const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', BUILDING];
	spawn(process.execPath, args, { cwd: __dirname, stdio: 'inherit' }).on('close', (code) =>
		done(code === 0 ? undefined : new Error('TypeScript found errors')),
	);
}

const assets = () =>
	src(
		[
			'nodes/**/*.svg',
			'nodes/**/*.node.json',
			'nodes/*/__schema__/**/*.json',
			'credentials/**/*.svg',
		],
		{
			base: '.',
			encoding: false,
			allowEmpty: true,
		},
	).pipe(dest(BUILDING));

/** Exports as types what is no value when the program runs: the roll-up takes every class for one. */
function typesOnly(code, values) {
	return code.replace(/^export \{ ([^}]*) \}( from '[^']*')?;$/gm, (_whole, list, from = '') => {
		const names = list.split(', ');
		const isValue = (name) => values.includes(name.split(' as ').pop());
		return [
			`export { ${names.filter(isValue).join(', ')} }${from};`,
			`export type { ${names.filter((name) => !isValue(name)).join(', ')} }${from};`,
		].join('\n');
	});
}

/**
 * Only the engine is imported by other people's TypeScript; n8n has no use for the nodes' declarations.
 * Those of the engine are one file per entry, which declares the public API and what it refers to.
 */
async function rollUpDeclarations() {
	const { rollup } = require('rollup');
	const { dts } = await import('rollup-plugin-dts');
	const bundle = await rollup({
		input: {
			...Object.fromEntries(
				ENGINE_ENTRIES.map((name) => [name, path.join(BUILDING, 'engine', `${name}.d.ts`)]),
			),
			[TESTING]: path.join(BUILDING, TESTING_SOURCE, `${TESTING}.d.ts`),
		},
		plugins: [dts()],
		external: /^node:/,
		onwarn(warning) {
			throw new Error(warning.message);
		},
	});
	const { output } = await bundle.generate({
		format: 'es',
		entryFileNames: '[name].d.ts',
		// What the entries have in common.
		chunkFileNames: 'shared.d.ts',
	});
	fs.rmSync(path.join(BUILDING, 'test'), { recursive: true, force: true });
	for (const folder of ['engine', 'mail', 'nodes', 'credentials']) {
		const root = path.join(BUILDING, folder);
		if (!fs.existsSync(root)) continue;
		for (const name of fs.readdirSync(root, { recursive: true })) {
			if (name.endsWith('.d.ts')) fs.rmSync(path.join(root, name));
		}
	}
	const values = [
		...Object.values(require(path.join(ENGINE_BUILDING, 'bundle.js'))),
		require(path.join(ENGINE_BUILDING, `${TESTING}.js`)),
	].flatMap(Object.keys);
	for (const { fileName, code, isEntry } of output) {
		const text = `/// <reference types="node" />\n${isEntry ? typesOnly(code, values) : code}`;
		if (fileName !== `${TESTING}.d.ts`)
			fs.writeFileSync(path.join(BUILDING, 'engine', fileName), text);
		fs.writeFileSync(path.join(ENGINE_BUILDING, fileName), text);
		// The same declarations, as those of an ES module.
		const esm = text.replace(/(from '\.\/[^']+)\.js'/g, "$1.mjs'");
		fs.writeFileSync(path.join(ENGINE_BUILDING, fileName.replace(/\.ts$/, '.mts')), esm);
	}
}

/**
 * The engine's own package: one CommonJS file, and ES modules that take everything from it. Code that
 * mixes import and require has the same classes, so `instanceof` holds.
 */
async function bundleEngine() {
	const { build } = require('esbuild');
	const outfile = path.join(ENGINE_BUILDING, 'bundle.js');
	await build({
		stdin: {
			contents: ENGINE_ENTRIES.map((name) => `exports['${name}'] = require('./${name}');`).join(
				'\n',
			),
			resolveDir: path.join(__dirname, 'engine'),
			sourcefile: 'bundle.js',
		},
		outfile,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: TARGET,
		logLevel: 'warning',
	});
	const bundle = require(outfile);
	for (const entry of ENGINE_ENTRIES) {
		const names = Object.keys(bundle[entry]).sort();
		fs.writeFileSync(
			path.join(ENGINE_BUILDING, `${entry}.js`),
			`'use strict';\nmodule.exports = require('./bundle.js')['${entry}'];\n`,
		);
		fs.writeFileSync(
			path.join(ENGINE_BUILDING, `${entry}.mjs`),
			`import bundle from './bundle.js';\nexport const { ${names.join(', ')} } = bundle['${entry}'];\n`,
		);
	}
}

/** The in-memory server, in a file of its own: programs load it in their tests only. */
async function bundleTesting() {
	const { build } = require('esbuild');
	const outfile = path.join(ENGINE_BUILDING, `${TESTING}.js`);
	await build({
		entryPoints: [path.join(__dirname, TESTING_SOURCE, `${TESTING}.ts`)],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: TARGET,
		logLevel: 'warning',
	});
	const names = Object.keys(require(outfile)).sort();
	fs.writeFileSync(
		path.join(ENGINE_BUILDING, `${TESTING}.mjs`),
		`import testing from './${TESTING}.js';\nexport const { ${names.join(', ')} } = testing;\n`,
	);
}

/** The files of mail/vendor: each exports what the nodes use of one library. */
function vendorFiles() {
	const folder = path.join(__dirname, VENDOR);
	return fs.existsSync(folder)
		? fs
				.readdirSync(folder)
				.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
				.map((name) => path.basename(name, '.ts'))
				.sort()
		: [];
}

/**
 * One bundle for all of mail/vendor, so that what two libraries share is there once; each
 * compiled vendor file becomes a line that takes its part from it, evaluated only when it is first required.
 */
async function bundleThirdParty() {
	const names = vendorFiles();
	if (names.length === 0) return;
	const { build } = require('esbuild');
	const { metafile } = await build({
		stdin: {
			contents: names.map((name) => `exports['${name}'] = () => require('./${name}');`).join('\n'),
			resolveDir: path.join(__dirname, VENDOR),
			sourcefile: `${BUNDLE}.js`,
		},
		outfile: path.join(BUILDING, VENDOR, `${BUNDLE}.js`),
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: TARGET,
		external: ['n8n-workflow'],
		// The full licence texts go into a file of their own.
		legalComments: 'none',
		metafile: true,
		logLevel: 'warning',
	});
	for (const name of names) {
		fs.writeFileSync(
			path.join(BUILDING, VENDOR, `${name}.js`),
			`'use strict';\nmodule.exports = require('./${BUNDLE}.js')['${name}']();\n`,
		);
	}
	const bundled = Object.entries(Object.values(metafile.outputs)[0].inputs)
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.map(([file]) => file);
	fs.writeFileSync(path.join(BUILDING, 'THIRD-PARTY-LICENSES.txt'), licencesOf(bundled));
}

/** The folder of the package that a bundled file belongs to; none for our own files. */
const packageFolder = (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

function licencesOf(files) {
	const folders = [...new Set(files.map(packageFolder).filter(Boolean))].sort();
	const sections = folders.map((folder) => {
		const root = path.join(__dirname, folder);
		const { name, version, license, homepage } = JSON.parse(
			fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
		);
		if (!license) throw new Error(`${name}@${version} is bundled but names no licence`);
		const texts = fs
			.readdirSync(root)
			.filter((entry) => /^licen[cs]e/i.test(entry))
			.sort()
			.map((entry) => fs.readFileSync(path.join(root, entry), 'utf8').trim());
		if (texts.length === 0)
			throw new Error(`${name}@${version} is bundled but holds no licence text`);
		return [`${name} ${version} (${license})`, ...(homepage ? [homepage] : []), ...texts].join(
			'\n\n',
		);
	});
	const rule = `\n\n${'-'.repeat(78)}\n\n`;
	return `${['Software of others that is bundled into this package', ...sections].join(rule)}\n`;
}

async function takeItsPlace() {
	fs.rmSync(DIST, { recursive: true, force: true });
	fs.renameSync(BUILDING, DIST);
	fs.rmSync(ENGINE_DIST, { recursive: true, force: true });
	fs.renameSync(ENGINE_BUILDING, ENGINE_DIST);
	(await buildStamp()).stampBuild(hashBefore);
}

async function clean() {
	for (const folder of [DIST, ENGINE_DIST]) fs.rmSync(folder, { recursive: true, force: true });
}

exports.clean = clean;
exports.build = series(
	begin,
	compile,
	parallel(assets, bundleThirdParty, series(bundleEngine, bundleTesting, rollUpDeclarations)),
	takeItsPlace,
);
exports.default = exports.build;
