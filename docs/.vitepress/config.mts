/** `npm run docs:site`: these pages as a site, in site/. A link that leads nowhere ends the build. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf } from '../generator/markdown.js';

const DOCS = dirname(dirname(fileURLToPath(import.meta.url)));
const ROOT = dirname(DOCS);
const REPOSITORY = 'https://github.com/n8n-nodes-imap4/n8n-nodes-imap4';

/** Where a link out of docs/ leads: to the file in the repository. */
function inRepository(href: string, page: string): string | undefined {
	if (/^([a-z]+:|#|\/)/.test(href)) return undefined;
	const [path = '', anchor] = href.split('#');
	const file = resolve(DOCS, dirname(page), decodeURI(path));
	if (!relative(DOCS, file).startsWith('..')) return undefined;
	if (!existsSync(file)) throw new Error(`${page}: ${href} leads nowhere`);
	const url = `${REPOSITORY}/blob/main/${relative(ROOT, file).replaceAll('\\', '/')}`;
	return anchor === undefined ? url : `${url}#${anchor}`;
}

export default defineConfig({
	title: 'n8n-nodes-imap4',
	description: 'Complete IMAP support for n8n, and the IMAP client underneath',
	outDir: join(ROOT, 'site'),
	cacheDir: join(ROOT, '.cache', 'vitepress'),
	base: process.env.DOCS_BASE ?? '/',
	srcExclude: ['generator/**'],
	rewrites: { 'README.md': 'index.md' },
	cleanUrls: true,
	lastUpdated: true,
	// `npm run docs:reference` writes it beside the pages.
	ignoreDeadLinks: [/^\/reference\//],
	markdown: {
		// As GitHub names headings, so that one link works in both places.
		anchor: { slugify: anchorOf },
		config(md) {
			// n8n's expressions are not Vue's.
			for (const kind of ['text', 'code_inline'] as const) {
				const render = md.renderer.rules[kind];
				md.renderer.rules[kind] = (...given) =>
					(render?.(...given) ?? '').replaceAll('{{', '&#123;&#123;');
			}
			md.core.ruler.push('links-out-of-docs', ({ tokens, env }) => {
				const { relativePath } = env as { relativePath: string };
				for (const { children } of tokens) {
					for (const token of children ?? []) {
						const href = token.type === 'link_open' ? token.attrGet('href') : null;
						const url = href === null ? undefined : inRepository(href, relativePath);
						if (url !== undefined) token.attrSet('href', url);
					}
				}
			});
		},
	},
	themeConfig: {
		search: { provider: 'local' },
		socialLinks: [{ icon: 'github', link: REPOSITORY }],
		nav: [
			{ text: 'Start', link: '/start' },
			{ text: 'How do I …', link: '/how-do-i' },
			{ text: 'Engine', link: '/engine' },
		],
		sidebar: [
			{
				text: 'Using the nodes',
				items: [
					{ text: 'Start here', link: '/start' },
					{ text: 'How do I …?', link: '/how-do-i' },
					{ text: 'Accounts', link: '/accounts' },
					{ text: 'Content', link: '/content' },
					{ text: 'Delivery', link: '/delivery' },
					{ text: 'Errors', link: '/nodes/errors' },
					{ text: 'AI agents', link: '/nodes/agents' },
					{ text: 'Migrating', link: '/migrating' },
				],
			},
			{
				text: 'The nodes',
				items: [
					{ text: 'Message Trigger', link: '/nodes/message-trigger' },
					{ text: 'Message', link: '/nodes/message' },
					{ text: 'Message Flags', link: '/nodes/flags' },
					{ text: 'Mailbox', link: '/nodes/mailbox' },
					{ text: 'Access Rights', link: '/nodes/acl' },
					{ text: 'Storage Quota', link: '/nodes/quota' },
					{ text: 'Namespace', link: '/nodes/namespace' },
					{ text: 'Annotation', link: '/nodes/annotation' },
					{ text: 'Mail Server', link: '/nodes/server' },
				],
			},
			{
				text: 'The engine',
				items: [
					{ text: 'Guide', link: '/engine' },
					{ text: 'From other clients', link: '/engine-from-others' },
					{ text: 'Reference', link: '/reference/index.html', target: '_self' },
				],
			},
			{
				text: 'Background',
				items: [
					{ text: 'Security', link: '/security' },
					{ text: 'Tolerance', link: '/tolerance' },
					{ text: 'Verification', link: '/verification' },
				],
			},
		],
		outline: { level: [2, 3] },
	},
});
