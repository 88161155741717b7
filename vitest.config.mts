import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

export default defineConfig({
	resolve: {
		// n8n-core requires the CommonJS build; a second copy through `import` would have classes of its own.
		alias: [{ find: /^n8n-workflow$/, replacement: resolve('n8n-workflow') }],
	},
	test: {
		pool: 'forks',
		testTimeout: 20_000,
		hookTimeout: 60_000,
		globalSetup: ['test/real/global-setup.ts'],
		reporters: ['default', 'json'],
		outputFile: { json: 'test-results/tests.json' },
		projects: [
			{
				extends: true,
				test: { name: 'tests', include: ['test/**/*.test.ts'], exclude: ['test/n8n/**'] },
			},
			{
				extends: true,
				test: {
					// Needs the n8n of scripts/n8n-install.mjs; each command of it takes seconds.
					name: 'n8n',
					include: ['test/n8n/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 180_000,
				},
			},
		],
	},
});
