/**
 * Which folder may import from which. Dependencies point one way:
 *
 *   nodes → nodes/shared → mail → engine/index (types only)
 *   in nodes/shared: operations → execution → message → mailbox → account → fields → errors
 *   nodes/shared → engine/index → engine/client → commands → grammar → wire
 *                                 engine/client → wire, transport, auth
 *
 * Run by `npm run lint`; test/package/dependencies.test.ts breaks each rule once.
 */

/** Node's modules that open connections, start processes or keep time. */
const SOCKETS = '^(node:)?(net|tls|child_process|timers|dgram|dns|http|https|http2)(/|$)';

/**
 * @param {string} name as reported
 * @param {string} comment why
 * @param {object} from
 * @param {object} to
 */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/**
 * A folder that may import only these paths of the project; packages have rules of their own.
 *
 * @param {string} folder
 * @param {string[]} allowed regular expressions of paths
 * @param {string} comment
 */
const only = (folder, allowed, comment) =>
	forbid(
		`${folder.replaceAll('/', '-')}-stays-below`,
		comment,
		{ path: `^${folder}/` },
		{ dependencyTypes: ['local'], pathNot: [`^${folder}/`, ...allowed] },
	);

const packages = {
	dependencyTypes: [
		'npm',
		'npm-dev',
		'npm-peer',
		'npm-no-pkg',
		'npm-optional',
		'unknown',
		'undetermined',
	],
};

const BELOW_NODES = ['^mail/', '^engine/index\\.ts$'];
/** Of nodes/shared, from the lowest up. */
const DRAWERS = ['errors', 'fields', 'account', 'mailbox', 'message', 'execution', 'operations'];

export default {
	forbidden: [
		only('engine', [], 'The engine stands alone: it imports nothing from outside its folder.'),
		only(
			'engine/wire',
			['^engine/errors\\.ts$'],
			'wire/ is the lowest layer: bytes and tokens only.',
		),
		only(
			'engine/grammar',
			['^engine/wire/', '^engine/errors\\.ts$'],
			'grammar/ turns tokens into values: it knows only wire/.',
		),
		only(
			'engine/auth',
			['^engine/transport/channel-binding\\.ts$', '^engine/errors\\.ts$'],
			'A SASL mechanism knows no IMAP.',
		),
		only(
			'engine/transport',
			['^engine/errors\\.ts$'],
			'A transport moves bytes and knows no IMAP.',
		),
		only(
			'engine/commands',
			['^engine/grammar/', '^engine/wire/', '^engine/auth/', '^engine/errors\\.ts$'],
			'A command is a value: it knows no connection.',
		),
		only(
			'engine/client',
			['^engine/(commands|grammar|wire|transport|auth)/', '^engine/errors\\.ts$'],
			'The client is below the public API.',
		),
		forbid(
			'engine-errors-at-the-bottom',
			'Every layer throws these errors, so they import none of them.',
			{ path: '^engine/errors\\.ts$' },
			{ path: '^engine/' },
		),
		forbid(
			'no-reaching-past-the-engine-index',
			'Import from engine/index: whatever it does not export is internal.',
			{
				path: '^(mail|nodes|credentials|demo|bench|docs|test/(conformance|demo|n8n|nodes|mail|real))/',
			},
			{ path: '^engine/', pathNot: '^engine/(index|imaplib)\\.ts$' },
		),
		forbid(
			'mail-knows-no-connection',
			'mail/ takes only types of message structure from the engine.',
			{ path: '^mail/' },
			{ path: '^engine/', dependencyTypesNot: ['type-only'] },
		),
		only('mail', ['^engine/index\\.ts$'], 'mail/ knows nothing of n8n and of connections.'),
		only(
			'credentials',
			['^nodes/shared/', '^engine/index\\.ts$'],
			'A credential uses what the nodes share.',
		),
		only('nodes/shared', BELOW_NODES, 'nodes/shared is below the nodes.'),
		...DRAWERS.map((drawer, at) =>
			only(
				`nodes/shared/${drawer}`,
				[...BELOW_NODES, `^nodes/shared/(${DRAWERS.slice(0, at + 1).join('|')})/`],
				`Of what the nodes share, each folder knows those below it: ${DRAWERS.toReversed().join(' → ')}.`,
			),
		),
		forbid(
			'nodes-import-no-other-node',
			'What nodes have in common is in nodes/shared.',
			{ path: '^nodes/(Imap4[^/]+)/' },
			{ path: '^nodes/', pathNot: '^nodes/($1|shared)/' },
		),
		forbid(
			'shipped-files-import-shipped-files',
			'This folder is not part of the published package.',
			{ path: '^(engine|mail|nodes|credentials)/' },
			{ path: '^(test|demo|bench|docs|scripts|workflows)/' },
		),
		forbid(
			'no-circles',
			'Files that import each other can only be read together: move out what they share.',
			{ path: '^(engine|mail|nodes|credentials)/' },
			{ circular: true },
		),
		only('scripts', [], 'The set-up runs before there is anything else.'),
		forbid(
			'test-server-shares-no-code',
			'The in-memory server shares no code with what it tests.',
			{ path: '^test/server/' },
			{ path: '^(engine|mail|nodes|credentials)/' },
		),
		forbid(
			'engine-has-no-dependencies',
			'The engine imports only modules of Node and its own files.',
			{ path: '^engine/' },
			packages,
		),
		forbid(
			'libraries-only-in-mail-vendor',
			'There are no runtime dependencies: import a library in mail/vendor, which is bundled.',
			{ path: '^(mail|nodes|credentials)/', pathNot: '^mail/vendor/' },
			{ ...packages, pathNot: '(^|/)n8n-workflow(/|$)', dependencyTypesNot: ['type-only'] },
		),
		forbid(
			'mail-knows-no-n8n',
			'mail/ knows nothing of n8n.',
			{ path: '^mail/' },
			{ path: '(^|/)(n8n-workflow|n8n-core)(/|$)' },
		),
		forbid(
			'sockets-only-in-engine-transport',
			'Only engine/transport touches sockets, processes and timers.',
			{
				path: '^(engine|mail|nodes|credentials)/',
				pathNot:
					'^(engine/transport/|mail/next-turn\\.ts$|nodes/shared/account/egress-policy\\.ts$)',
			},
			{ path: SOCKETS, dependencyTypes: ['core'] },
		),
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '^(dist|engine/dist|\\.cache|test-results)/' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
	},
};
