import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPath, type Hierarchy } from '../../../../nodes/shared/mailbox/hierarchy';

const slash: Hierarchy = { delimiter: '/', personalPrefix: '', foreignPrefixes: ['user/'] };
const dotted: Hierarchy = {
	delimiter: '.',
	personalPrefix: 'INBOX.',
	foreignPrefixes: ['shared.', 'user.'],
};
const prefixed: Hierarchy = { delimiter: '/', personalPrefix: 'Mail/', foreignPrefixes: [] };
const flat: Hierarchy = { delimiter: null, personalPrefix: '', foreignPrefixes: [] };

describe('a path with / between its levels fits', () => {
	test.each([
		['a server with /', slash, 'Archive/2026', 'Archive/2026'],
		['a server with . and INBOX.', dotted, 'Archive/2026', 'INBOX.Archive.2026'],
		['one that has the prefix already', dotted, 'INBOX.Archive', 'INBOX.Archive'],
		['one below INBOX', dotted, 'INBOX/Archive', 'INBOX.Archive'],
		['one below inbox in another spelling', dotted, 'Inbox/Archive', 'INBOX.Archive'],
		['one written with the server’s delimiter', dotted, 'Archive.2026', 'INBOX.Archive.2026'],
		['INBOX in any spelling', dotted, 'inbox', 'INBOX'],
		['a shared mailbox', dotted, 'shared/team', 'shared.team'],
		['another user’s mailbox', slash, 'user/bert/Sent', 'user/bert/Sent'],
		['a name that only begins like a namespace', dotted, 'sharedness', 'INBOX.sharedness'],
		['a prefix other than INBOX', prefixed, 'Archive', 'Mail/Archive'],
		['a server without levels', flat, 'a/b', 'a/b'],
	])('%s', (_what, hierarchy, path, expected) => {
		expect(fitPath(path, hierarchy)).toBe(expected);
	});

	test('fitting twice changes nothing more', () => {
		const path = fc
			.array(fc.stringMatching(/^[A-Za-z0-9 é]{1,8}$/), { minLength: 1, maxLength: 4 })
			.map((levels) => levels.join('/'));
		fc.assert(
			fc.property(path, fc.constantFrom(slash, dotted, prefixed, flat), (written, hierarchy) => {
				const once = fitPath(written, hierarchy);
				expect(fitPath(once, hierarchy)).toBe(once);
			}),
		);
	});
});
