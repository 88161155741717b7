/** The keyword by which a trigger node knows that a message was acknowledged. */
import { expect, test } from 'vitest';
import { keywordAt, ownKeyword } from '../../../nodes/Imap4MessageTrigger/acknowledgement-keyword';

test('each node of each workflow has its own', () => {
	const keywords = [ownKeyword('w', 't'), ownKeyword('w', 'u'), ownKeyword('v', 't')];
	expect(new Set(keywords).size).toBe(3);
	for (const keyword of keywords) expect(keyword).toMatch(/^n8nAcknowledged-[0-9a-f]{12}$/);
	expect(ownKeyword('w', 't')).toBe(keywords[0]);
});

test('a message that carries it already gets one with a number, from 2 on', () => {
	expect(keywordAt('k')).toBe('k');
	expect(keywordAt('k', 0)).toBe('k');
	expect(keywordAt('k', 1)).toBe('k-2');
	expect(keywordAt('k', 2)).toBe('k-3');
});
