/**
 * People find the nodes by the words they think in: n8n's own search over display names and aliases, on
 * the list that its editor shows, in which a trigger and the node of the same name are one entry.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sublimeSearch } from '@n8n/utils/dist/search/sublime-search';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageNodes } from '../../docs/generator/package-nodes';

const ROOT = join(__dirname, '../..');

interface Codex {
	node: string;
	alias: string[];
	resources: Record<'primaryDocumentation' | 'credentialDocumentation', Array<{ url: string }>>;
}
interface Listed {
	key: string;
	properties: { displayName: string; codex: Codex };
}

let all: Listed[];
beforeAll(async () => {
	all = (await packageNodes()).map(({ type: { description } }) => {
		const name = description.name.replace(/^i/, 'I');
		const file = join(ROOT, 'nodes', name, `${name}.node.json`);
		const codex = JSON.parse(readFileSync(file, 'utf8')) as Codex;
		return { key: description.name, properties: { displayName: description.displayName, codex } };
	});
});

/** What the editor's search lists, best first. */
function found(words: string): string[] {
	const names = all.map(({ key }) => key);
	const listed = all.filter(
		({ key }) => !names.includes(key.replace(/Trigger$/, '')) || !/Trigger$/.test(key),
	);
	return sublimeSearch<Listed>(words, listed).map(({ item }) => item.key);
}

const FIRST = {
	imap4Message: [
		'imap',
		'email',
		'mail',
		'inbox',
		'unread',
		'mark as read',
		'mark as unread',
		'draft',
		'reply',
		'forward',
		'spam',
		'junk',
		'newsletter',
		'archive',
		'attachment',
		'download attachment',
		'save attachment',
		'receive email',
		'new email',
		'gmail',
		'outlook',
		'exchange',
		'search',
		'thread',
		'trash',
		'move email',
		'delete email',
	],
	imap4Mailbox: ['folder', 'mailbox'],
	imap4Flags: ['label', 'star', 'flag', 'tag', 'keyword', 'important'],
	imap4Quota: ['quota', 'storage', 'mailbox size'],
	imap4Acl: ['permission', 'shared mailbox', 'access', 'delegate'],
	imap4Namespace: ['namespace'],
	imap4Annotation: ['annotation', 'metadata'],
	imap4Server: ['server', 'capability', 'imap command'],
};

describe.each(Object.entries(FIRST))('%s is the first that is found', (node, words) => {
	test.each(words)('for "%s"', (word) => {
		expect(found(word)[0]).toBe(node);
	});
});

test.each(['email', 'mail', 'inbox', 'receive email', 'new email'])(
	'the trigger has an alias of its own for "%s", for lists of triggers only',
	(word) => {
		const trigger = all.filter(({ key }) => key === 'imap4MessageTrigger');
		expect(sublimeSearch<Listed>(word, trigger)).toHaveLength(1);
	},
);

test('a word that no node knows finds none', () => {
	expect(found('spreadsheet')).toEqual([]);
});

test("each node's Docs link leads to a page, without a fragment, behind which n8n would put its query", () => {
	for (const { properties } of all) {
		const { primaryDocumentation, credentialDocumentation } = properties.codex.resources;
		for (const { url } of [...primaryDocumentation, ...credentialDocumentation]) {
			const [, path] = /\/blob\/main\/([^#]+\.md)$/.exec(url) ?? [];
			expect(path && existsSync(join(ROOT, path)) ? path : `${url} leads nowhere`).toBe(path);
		}
	}
});
