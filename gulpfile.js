/**
 * The build. tsc compiles engine/, credentials/ and nodes/; what it doesn't do is done here: icons and
 * codex files are copied, and the third-party libraries that the nodes use are bundled with their
 * licences, since a community node package may have no runtime dependencies. The engine is bundled as a
 * package of its own, into engine/dist/, and the nodes contain it.
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
/** What these have in common. */
const SHARED = 'shared';
/** The files of the engine that the nodes contain. */
const OF_NODES = ['index', SHARED];
/** And the in-memory server, for other people's tests, which shares no code with the engine. */
const TESTING = 'testing';
const TESTING_SOURCE = path.join('test', 'server');
/** The oldest Node of package.json's engines. */
const TARGET = 'node20.19';
const VENDOR = path.join('mail', 'vendor');
const THIRD_PARTY = 'third-party';
/** All nodes and credentials with what they share, in the root of dist/. */
const BUNDLE = 'bundle.js';
/** What reads messages, and the engine: beside it, and read when a node first runs, not when n8n starts. */
const MAIL = 'mail.js';
const OF_MAIL = /^mail\//;
const ENGINE = 'engine/index.js';

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
		chunkFileNames: `${SHARED}.d.ts`,
	});
	removeFiles(BUILDING, (name) => name.endsWith('.d.ts'));
	const values = [...ENGINE_ENTRIES, TESTING].flatMap((name) =>
		Object.keys(require(path.join(ENGINE_BUILDING, `${name}.js`))),
	);
	for (const { fileName, code, isEntry } of output) {
		const text = `/// <reference types="node" />\n${isEntry ? typesOnly(code, values) : code}`;
		if (OF_NODES.includes(path.basename(fileName, '.d.ts')))
			fs.writeFileSync(path.join(BUILDING, 'engine', fileName), text);
		fs.writeFileSync(path.join(ENGINE_BUILDING, fileName), text);
		// The same declarations, as those of an ES module.
		const esm = text.replace(/(from '\.\/[^']+)\.js'/g, "$1.mjs'");
		fs.writeFileSync(path.join(ENGINE_BUILDING, fileName.replace(/\.ts$/, '.mts')), esm);
	}
}

/**
 * The engine's own package: a CommonJS file per entry, what the entries have in common, and ES modules that take
 * everything from these. Code that mixes import and require has the same classes, so `instanceof` holds.
 *
 * Rollup makes one scope of the modules and leaves `const` as it is, so that V8 can inline across them.
 */
async function bundleEngine() {
	const { rollup } = require('rollup');
	const { default: esbuild } = await import('rollup-plugin-esbuild');
	const bundle = await rollup({
		input: Object.fromEntries(
			ENGINE_ENTRIES.map((name) => [name, path.join(__dirname, 'engine', `${name}.ts`)]),
		),
		plugins: [esbuild({ target: TARGET })],
		external: /^node:/,
		onwarn(warning) {
			throw new Error(warning.message);
		},
	});
	await bundle.write({ dir: ENGINE_BUILDING, format: 'cjs', chunkFileNames: `${SHARED}.js` });
	for (const entry of ENGINE_ENTRIES) asEsModule(entry);
}

/** Beside the CommonJS file of an entry of the engine's package. */
function asEsModule(entry) {
	const names = Object.keys(require(path.join(ENGINE_BUILDING, `${entry}.js`))).sort();
	fs.writeFileSync(
		path.join(ENGINE_BUILDING, `${entry}.mjs`),
		`import entry from './${entry}.js';\nexport const { ${names.join(', ')} } = entry;\n`,
	);
}

/** The in-memory server, in a file of its own: programs load it in their tests only. */
async function bundleTesting() {
	const { build } = require('esbuild');
	await build({
		entryPoints: [path.join(__dirname, TESTING_SOURCE, `${TESTING}.ts`)],
		outfile: path.join(ENGINE_BUILDING, `${TESTING}.js`),
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: TARGET,
		logLevel: 'warning',
	});
	asEsModule(TESTING);
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
 * One bundle for all of mail/vendor, so that what two libraries share is there once. Each compiled vendor file
 * becomes getters that take its part from it when it is first used, since most workflows need none of them.
 */
async function bundleThirdParty() {
	const names = vendorFiles();
	if (names.length === 0) return;
	const { build } = require('esbuild');
	const { metafile } = await build({
		stdin: {
			contents: names.map((name) => `exports['${name}'] = () => require('./${name}');`).join('\n'),
			resolveDir: path.join(__dirname, VENDOR),
			sourcefile: `${THIRD_PARTY}.js`,
		},
		outfile: path.join(BUILDING, VENDOR, `${THIRD_PARTY}.js`),
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
	const thirdParty = require(path.join(BUILDING, VENDOR, `${THIRD_PARTY}.js`));
	for (const name of names) {
		const getters = Object.keys(thirdParty[name]()).map(
			(key) =>
				`Object.defineProperty(exports, '${key}', { enumerable: true, get: () => require('./${THIRD_PARTY}.js')['${name}']().${key} });`,
		);
		fs.writeFileSync(
			path.join(BUILDING, VENDOR, `${name}.js`),
			['"use strict";', ...getters, ''].join('\n'),
		);
	}
	const bundled = Object.entries(Object.values(metafile.outputs)[0].inputs)
		.filter(([, { bytesInOutput }]) => bytesInOutput > 0)
		.map(([file]) => file);
	fs.writeFileSync(path.join(BUILDING, 'THIRD-PARTY-LICENSES.txt'), licencesOf(bundled));
}

/** `const x_1 = require("./x");`, as tsc writes imports of our own files. */
const OWN_IMPORT = /^const (\w+_\d+) = require\(("\.[^"]*")\);$/gm;

/**
 * Evaluates a module when something of it is first used, in place of when it is imported: to show its nodes, n8n
 * needs their descriptions, and neither the engine nor what reads messages.
 */
const lazyRequires = {
	name: 'lazy-requires',
	setup({ onLoad }) {
		// Not within engine/ and mail/: there the hot paths are.
		onLoad({ filter: /[\\/](nodes|credentials)[\\/].*\.js$/ }, async ({ path: file }) => {
			const text = await fs.promises.readFile(file, 'utf8');
			const imports = [...text.matchAll(OWN_IMPORT)];
			if (imports.length === 0) return { contents: text };
			const names = imports.map(([, name]) => name).join('|');
			const getters = imports.map(
				([, name, from]) => `get ${name}() { return require(${from}); },`,
			);
			const contents = [
				`const $imports = {\n${getters.join('\n')}\n};`,
				text
					.replace(OWN_IMPORT, '')
					.replace(new RegExp(`\\b(?:${names})\\b(?=\\.)`, 'g'), '$$imports.$&'),
			].join('\n');
			if (text.includes('$imports')) throw new Error(`${file} has a name "$imports" of its own`);
			return { contents };
		});
	},
};

/** Leaves the engine and the libraries in files of their own. */
const othersStayApart = {
	name: 'others-stay-apart',
	setup({ onResolve }) {
		for (const [filter, file] of [
			[/\/engine\/index$/, ENGINE],
			[new RegExp(`/${THIRD_PARTY}\\.js$`), `${THIRD_PARTY}.js`],
		]) {
			onResolve({ filter }, () => ({ path: `./${file}`, external: true }));
		}
	},
};

/**
 * What nodes import of mail/ they take from {@link MAIL}.
 * @param {Set<string>} imported gets the files, relative to dist/
 */
const mailStaysApart = (imported) => ({
	name: 'mail-stays-apart',
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^\./ }, ({ path: name, resolveDir, namespace }) => {
			if (namespace !== 'file') return undefined;
			const file = path.relative(BUILDING, path.join(resolveDir, name)).replaceAll('\\', '/');
			if (!OF_MAIL.test(file)) return undefined;
			imported.add(file);
			return { path: file, namespace: 'mail' };
		});
		onLoad({ filter: /.*/, namespace: 'mail' }, ({ path: file }) => ({
			contents: `module.exports = require('./${MAIL}')['${file}']();`,
		}));
	},
});

/** @param {string[]} files relative to dist/; the bundle exports a function for each, which evaluates it */
function bundleOf(files, outfile, plugins) {
	const { build } = require('esbuild');
	return build({
		stdin: {
			contents: files.map((file) => `exports['${file}'] = () => require('./${file}');`).join('\n'),
			resolveDir: BUILDING,
			sourcefile: 'entry.js',
		},
		absWorkingDir: BUILDING,
		outfile: path.join(BUILDING, outfile),
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: TARGET,
		external: ['n8n-workflow', `./${MAIL}`],
		plugins,
		logLevel: 'warning',
	});
}

/**
 * What tsc made of nodes/ and mail/, in two files: n8n reads the first one at its start in place of 200 small ones,
 * which takes half as long. Neither is minified, so that people can read what they install. The files that
 * package.json names take their part from the first; the engine is the one of its own package.
 */
async function bundlePackage() {
	const { n8n } = require('./package.json');
	const files = [...n8n.credentials, ...n8n.nodes].map((file) =>
		path.relative('dist', file).replaceAll('\\', '/'),
	);
	const imported = new Set();
	await bundleOf(
		// The pool is for the bench, which closes its connections.
		[...files, 'nodes/shared/account/connection-pool.js'],
		BUNDLE,
		[lazyRequires, mailStaysApart(imported), othersStayApart],
	);
	await bundleOf([...imported].sort(), MAIL, [othersStayApart]);
	fs.renameSync(
		path.join(BUILDING, VENDOR, `${THIRD_PARTY}.js`),
		path.join(BUILDING, `${THIRD_PARTY}.js`),
	);
	removeFiles(BUILDING, (name) => name.endsWith('.js') && name.includes(path.sep));
	for (const name of OF_NODES) {
		const file = `${name}.js`;
		fs.copyFileSync(path.join(ENGINE_BUILDING, file), path.join(BUILDING, 'engine', file));
	}
	for (const file of files) {
		const target = path.join(BUILDING, file);
		const bundle = path.join(BUILDING, BUNDLE);
		const names = Object.keys(require(bundle)[file]());
		fs.mkdirSync(path.dirname(target), { recursive: true });
		fs.writeFileSync(
			target,
			[
				"'use strict';",
				`module.exports = require('${path.relative(path.dirname(target), bundle).replaceAll('\\', '/')}')['${file}']();`,
				'// For `import`, which has to know the names before it evaluates this.',
				`0 && (module.exports = { ${names.join(', ')} });`,
				'',
			].join('\n'),
		);
	}
}

/** Removes the files below a folder of which this holds, by their path in it. */
function removeFiles(folder, holds) {
	for (const name of fs.readdirSync(folder, { recursive: true })) {
		const file = path.join(folder, name);
		if (holds(name) && fs.statSync(file).isFile()) fs.rmSync(file);
	}
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
	series(bundleThirdParty, bundleEngine, bundlePackage),
	parallel(assets, series(bundleTesting, rollUpDeclarations)),
	takeItsPlace,
);
exports.default = exports.build;
