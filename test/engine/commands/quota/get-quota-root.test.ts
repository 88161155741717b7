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
