import { expect, test } from 'vitest';
import { getQuotaRoot } from '../../../../engine/commands/quota/get-quota-root';
import type { SessionState } from '../../../../engine/commands/command';

const session = {} as SessionState;

test('hundreds of thousands of roots take no more than their time', () => {
	const roots = Array.from({ length: 200_000 }, (_, number) => `r${number}`);
	const command = getQuotaRoot('INBOX');
	const taken = [
		...roots.map((root) => ({ type: 'QUOTA' as const, quota: { root, resources: [] } })),
		{ type: 'QUOTAROOT' as const, roots: { mailbox: 'INBOX', roots } },
		...roots.map((root) => ({ type: 'QUOTA' as const, quota: { root, resources: [] } })),
	].filter((response) => command.accepts?.(response as never, session));
	expect(taken).toHaveLength(200_001);
	const found = command.done({} as never, session);
	expect(found.roots).toEqual(roots);
	expect(found.quotas).toHaveLength(200_000);
});

const STORAGE = { name: 'STORAGE', usage: 5, limit: 10 };
const MESSAGE = { name: 'MESSAGE', usage: 1, limit: 2 };
const quotaRoot = (...roots: string[]) => ({
	type: 'QUOTAROOT',
	roots: { mailbox: 'INBOX', roots },
});
const quota = (root: string, ...resources: (typeof STORAGE)[]) => ({
	type: 'QUOTA',
	quota: { root, resources },
});

test.each([
	[
		'roots that are named in several responses are all the roots',
		[quotaRoot('a'), quotaRoot('b'), quota('a', STORAGE), quota('b', MESSAGE)],
		[
			['a', [STORAGE]],
			['b', [MESSAGE]],
		],
	],
	[
		'resources that come in several responses are all the resources of a root',
		[quotaRoot('a'), quota('a', STORAGE), quota('a', MESSAGE)],
		[['a', [STORAGE, MESSAGE]]],
	],
	[
		'a root in other letters is taken where the named ones have nothing',
		[quotaRoot('a'), quota('A', STORAGE)],
		[['A', [STORAGE]]],
	],
	[
		'what comes of another root is not taken where the named one has its own',
		[quotaRoot('a'), quota('b', MESSAGE), quota('a', STORAGE)],
		[['a', [STORAGE]]],
	],
	[
		'what another command is answered is not taken where the named root has nothing',
		[quotaRoot('a'), quota('b', MESSAGE)],
		[],
	],
	['a mailbox without a root has no quota', [quotaRoot(), quota('b', MESSAGE)], []],
])('%s', (_rule, responses, expected) => {
	const command = getQuotaRoot('INBOX');
	for (const response of responses) command.accepts?.(response as never, session);
	const { quotas } = command.done({} as never, session);
	expect(quotas.map(({ root, resources }) => [root, resources])).toEqual(expected);
});
