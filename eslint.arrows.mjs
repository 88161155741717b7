/**
 * Which folder may import from which, as lint rules. The arrows point one way:
 *
 *   nodes → nodes/shared → engine/index → imap4 → methods → connect → session → wire, transport
 *                                                   methods → commands → grammar → wire
 *
 * Nodes never import one another, nothing outside engine/ reaches past its index, and the in-memory
 * server of the tests shares no code with the engine that it tests.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = import.meta.dirname;

const nodeFolders = existsSync(join(ROOT, 'nodes'))
	? readdirSync(join(ROOT, 'nodes'), { withFileTypes: true })
			.filter((entry) => entry.isDirectory() && entry.name !== 'shared')
			.map((entry) => entry.name)
	: [];

/**
 * A zone of import-x/no-restricted-paths: files in `target` may import from `from` only what `except`,
 * relative to `from`, names.
 *
 * @param {string} target
 * @param {string} from
 * @param {string[]} except
 * @param {string} message
 */
const zone = (target, from, except, message) => ({
	target: `./${target}`,
	from: `./${from}`,
	except: except.map((path) => `./${path}`),
	message,
});

// Values that every layer may speak of.
const ENGINE_VALUES = ['errors.ts', 'capabilities.ts', 'channel-binding.ts'];

/** The engine from its face down: nothing imports what stands above it. New files at engine/'s root are on the lowest rung. */
const LADDER = [
	['index.ts'],
	['imap4.ts'],
	['methods'],
	['connect.ts', 'log-in.ts', 'parse-responses.ts'],
	['commands'],
	['session'],
];
LADDER.push(
	readdirSync(join(ROOT, 'engine')).filter(
		(name) => name.endsWith('.ts') && !LADDER.flat().includes(name),
	),
);

// The other tests mirror the engine and try its parts.
const OUTSIDE_THE_ENGINE = [
	'nodes',
	'credentials',
	'demo',
	'bench',
	...['conformance', 'demo', 'n8n', 'nodes', 'real'].map((name) => `test/${name}`),
].filter((folder) => existsSync(join(ROOT, folder)));

export const zones = [
	zone(
		'engine',
		'.',
		['engine'],
		'The engine stands alone: it imports nothing from outside its folder.',
	),
	zone(
		'engine/wire',
		'engine',
		['wire', ...ENGINE_VALUES],
		'wire/ is the lowest layer: bytes and tokens only.',
	),
	zone(
		'engine/grammar',
		'engine',
		['grammar', 'wire', ...ENGINE_VALUES],
		'grammar/ knows only wire/.',
	),
	zone('engine/sasl', 'engine', ['sasl', ...ENGINE_VALUES], 'A SASL mechanism knows no IMAP.'),
	zone(
		'engine/transport',
		'engine',
		['transport', ...ENGINE_VALUES],
		'A transport moves bytes, and knows no IMAP.',
	),
	...LADDER.flatMap((rung, height) =>
		rung.flatMap((below) =>
			LADDER.slice(0, height)
				.flat()
				.map((above) =>
					zone(`engine/${below}`, `engine/${above}`, [], `${below} is below ${above}.`),
				),
		),
	),
	zone(
		'engine/commands',
		'engine/session',
		[],
		'A command is a value: it knows no session and no socket.',
	),
	zone(
		'engine/commands',
		'engine/transport',
		['clock.ts'],
		'A command is a value: it knows no session and no socket.',
	),
	...OUTSIDE_THE_ENGINE.map((folder) =>
		zone(
			folder,
			'engine',
			['index.ts'],
			"Nothing outside engine/ reaches past the engine's index.",
		),
	),
	...nodeFolders.map((folder) =>
		zone(
			`nodes/${folder}`,
			'nodes',
			[folder, 'shared'],
			'Nodes never import one another; what they share is in nodes/shared.',
		),
	),
	...nodeFolders.map((folder) =>
		zone('nodes/shared', `nodes/${folder}`, [], 'nodes/shared is below the nodes.'),
	),
	...['nodes', 'credentials'].flatMap((shipped) =>
		['test', 'demo', 'scripts'].map((unshipped) =>
			zone(shipped, unshipped, [], 'This folder is not part of the published package.'),
		),
	),
	...['engine', 'nodes', 'credentials'].map((tested) =>
		zone('test/server', tested, [], 'The in-memory server shares no code with what it tests.'),
	),
];

/** @param {object[]} patterns */
const restrictImports = (patterns) => ({
	'@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

const NO_PACKAGES = {
	regex: '^(?!node:|\\.)',
	message: 'The engine has no dependencies: only node: modules and its own files.',
};
const NO_SOCKETS = {
	regex: '^node:(net|tls|child_process|timers|dgram|dns|http|https|http2)(/|$)',
	message: 'Only engine/transport touches sockets, processes and timers.',
};
const NO_LIBRARIES = {
	regex: '^(?!node:|\\.|n8n-workflow$)',
	allowTypeImports: true,
	message: 'There are no runtime dependencies: import a library in mail/vendor, which is bundled.',
};
const NO_TIMERS = ['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
	name,
	message: 'Timers live in engine/transport, where tests can replace them.',
}));

/** ESLint configurations, to be spread into eslint.config.mjs. */
export const arrows = [
	{
		files: ['**/*.ts'],
		rules: { 'import-x/no-restricted-paths': ['error', { basePath: ROOT, zones }] },
	},
	{
		files: ['engine/**/*.ts'],
		ignores: ['engine/transport/**'],
		rules: {
			...restrictImports([NO_PACKAGES, NO_SOCKETS]),
			'no-restricted-globals': ['error', ...NO_TIMERS],
		},
	},
	{ files: ['engine/transport/**/*.ts'], rules: restrictImports([NO_PACKAGES]) },
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		ignores: ['mail/vendor/**'],
		rules: restrictImports([NO_LIBRARIES, NO_SOCKETS]),
	},
];
