import js from '@eslint/js';
import n8nCommunityNodes from '@n8n/eslint-plugin-community-nodes';
import { defineConfig, globalIgnores } from 'eslint/config';
import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';
import { PHRASES } from './scripts/wording.mjs';

// Without the Cloud rules: an IMAP client needs node:net and node:tls, which n8n Cloud forbids to community nodes.
const community = n8nCommunityNodes.configs.recommendedWithoutN8nCloudSupport;
const n8nRules = (set) => ({
	plugins: { 'n8n-nodes-base': n8nNodesBase },
	rules: n8nNodesBase.configs[set].rules,
});

/** Selectors of strings with one of the phrases. */
const worded = (phrases) =>
	phrases.flatMap(([phrase, instead]) =>
		[`Literal[value=/ /][value=/${phrase}/i]`, `TemplateElement[value.raw=/${phrase}/i]`].map(
			(selector) => ({ selector, message: `Write instead: ${instead}.` }),
		),
	);

export default defineConfig(
	globalIgnores(['**/dist/', 'node_modules/', '.cache/', 'coverage/', 'test-results/']),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },

	{
		files: ['**/*.ts', '**/*.mts', 'scripts/**/*.mjs'],
		extends: [js.configs.recommended, tseslint.configs.recommended],
		plugins: { 'import-x': importX },
		languageOptions: {
			parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
		},
		settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js'] })] },
		rules: {
			eqeqeq: 'error',
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '/engine$',
							message: 'A folder with a package.json is its built package: import engine/index.',
						},
					],
				},
			],
			'max-lines': ['error', { max: 500 }],
			'import-x/no-extraneous-dependencies': [
				'error',
				{ devDependencies: true, peerDependencies: true },
			],
			'import-x/no-cycle': ['error', { ignoreExternal: true }],
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			// An object literal with getters of its own needs a name for the object around it.
			'@typescript-eslint/no-this-alias': 'off',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
			],
			// Type-aware: a promise that nobody awaits is an unhandled rejection, which ends the user's n8n.
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'error',
			'@typescript-eslint/only-throw-error': 'error',
			'@typescript-eslint/prefer-promise-reject-errors': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true },
			],
		},
	},
	{
		files: ['engine/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: { 'no-console': 'error' },
	},
	{
		// What users read in the editor.
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		rules: { 'no-restricted-syntax': ['error', ...worded(PHRASES)] },
	},
	{
		// The engine's errors are shown there too. On the wire there are octets.
		files: ['engine/**/*.ts'],
		rules: {
			'no-restricted-syntax': [
				'error',
				...worded(PHRASES.filter(([, instead]) => instead !== 'bytes')),
			],
		},
	},
	{
		// Names that don't exist are found by tsc, which knows Node's globals and checks these files too.
		files: ['scripts/**/*.mjs', '**/*.mts'],
		rules: { 'no-undef': 'off' },
	},
	{
		files: ['gulpfile.js'],
		extends: [js.configs.recommended],
		languageOptions: {
			sourceType: 'commonjs',
			globals: { __dirname: 'readonly', process: 'readonly' },
		},
	},
	{
		// Mail holds control characters and marks that are invisible alone: they are what is looked for.
		files: ['mail/**/*.ts'],
		rules: { 'no-control-regex': 'off', 'no-misleading-character-class': 'off' },
	},
	{
		// Which folder may import from which is in .dependency-cruiser.mjs.
		files: ['engine/**/*.ts'],
		ignores: ['engine/transport/**'],
		rules: {
			'no-restricted-globals': [
				'error',
				...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
					name,
					message: 'Timers live in engine/transport, where tests can replace them.',
				})),
			],
		},
	},

	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [community],
	},
	{
		files: ['nodes/**/*.ts'],
		extends: [n8nRules('nodes')],
		rules: {
			// These two ask for the literal ['main']; n8n's newer node-connection-type-literal forbids it.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'no-restricted-properties': [
				'error',
				{
					property: 'selected',
					message:
						'Use the open mailbox that the scope hands over: another one may be open by now.',
				},
			],
		},
	},
	{
		files: [
			'nodes/shared/**/*.ts',
			'nodes/Imap4MessageTrigger/events/*.ts',
			'nodes/Imap4MessageTrigger/!(poll|Imap4MessageTrigger.node).ts',
		],
		rules: {
			// For what execute() and poll() throw. Below them errors are the engine's typed ones; execution.ts
			// and poll.ts turn them all into n8n's, in one place each.
			'@n8n/community-nodes/require-node-api-error': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		extends: [n8nRules('credentials')],
		rules: {
			// For credentials in n8n's own repository, whose documentation is named by a slug; ours is a URL.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['package.json'],
		extends: [community, n8nRules('community')],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
	},
);
