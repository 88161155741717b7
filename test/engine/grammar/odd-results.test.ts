/** Results of searches and removals that servers write in other ways: none of them may lose a number unnoticed. */
import { describe, expect, test } from 'vitest';
import { MailboxNames } from '../../../engine/grammar/mailbox-name';
import type { EsearchData } from '../../../engine/grammar/esearch';
import { readResponse } from '../../../engine/grammar/response';

function read(text: string): Record<string, unknown> {
	const bytes = Buffer.from(text);
	const context = { names: new MailboxNames(), maxDepth: 100 };
	return readResponse(bytes, 0, bytes.length, context) as unknown as Record<string, unknown>;
}
const searched = (rest: string): EsearchData => read(`* ESEARCH ${rest}`).data as EsearchData;
const PROTOCOL = expect.objectContaining({ code: 'PROTOCOL' });

describe('ESEARCH', () => {
	test.each([
		['ALL 1 2 3', '1,2,3'],
		['ALL 1 2:4 COUNT 4', '1,2:4'],
		['ALL 1,2, 3', '1,2,3'],
		['ALL 1,2,', '1,2'],
		['ALL (1 2:3)', '1,2:3'],
		['ALL (1,2)', '1,2'],
		['ALL "1:3"', '1:3'],
		['ALL ()', undefined],
		['ALL ""', undefined],
		['ALL 0', undefined],
		['ALL COUNT 0', undefined],
	])('a set written otherwise: %s', (rest, all) => {
		const data = searched(`(TAG "a") UID ${rest}`);
		expect(data).toMatchObject({ tag: 'a', uid: true });
		expect(data.all).toBe(all);
	});

	test.each(['ALL *', 'ALL 1:*', 'ALL 1x', 'ALL (1', 'ALL (1 x)', 'ALL 1 (2)', 'COUNT x', '7'])(
		'what may be half of a set is not read: %s',
		(rest) => {
			expect(() => searched(`(TAG "a") UID ${rest}`)).toThrow(PROTOCOL);
		},
	);

	test.each([
		['(TAG "a") UID COUNT "3"', { count: 3 }],
		['(TAG "a") UID COUNT (3)', { count: 3 }],
		['(TAG "a") UID COUNT NIL', { count: 0 }],
		['(TAG "a") UID MIN "2" MAX NIL', { min: 2, max: undefined }],
		['(TAG "a") UID MODSEQ NIL ALL 1', { modSeq: undefined, all: '1' }],
		['TAG "a" UID ALL 1', { tag: 'a', all: '1' }],
		['NIL UID ALL 1', { all: '1' }],
		['(TAG "a") UID PARTIAL (1:100 "1:5")', { partial: { range: '1:100', all: '1:5' } }],
		['(TAG "a") UID PARTIAL (1:100 1 5)', { partial: { range: '1:100', all: '1,5' } }],
		['(TAG "a") UID PARTIAL (1:100)', { partial: { range: '1:100' } }],
	])('%s', (rest, data) => {
		expect(searched(rest)).toMatchObject({ uid: true, ...data });
	});
});

describe('VANISHED', () => {
	test.each([
		['1 2 3', '1,2,3'],
		['(EARLIER) 1, 2', '1,2'],
		['"1:3"', '1:3'],
		['(EARLIER) (1:3)', '1:3'],
	])('%s', (rest, uids) => {
		expect(read(`* VANISHED ${rest}`)).toMatchObject({ type: 'VANISHED', uids });
	});

	test.each(['', '*', '1:*', 'EARLIER 1:3', '0', '(EARLIER)', '(EARLIER) NIL', '1 x'])(
		'%j names no UIDs',
		(rest) => {
			expect(() => read(`* VANISHED ${rest}`)).toThrow(PROTOCOL);
		},
	);
});

test.each(['* SEARCH 1 4294967296', '* SORT 99999999999 1'])(
	'%s holds a number that no message has',
	(line) => {
		expect(() => read(line)).toThrow(PROTOCOL);
	},
);

test.each(['* 4294967296 EXISTS', '* 99999999999 RECENT'])(
	'%s counts more than there can be',
	(line) => {
		expect(() => read(line)).toThrow(PROTOCOL);
	},
);

test('a mod-sequence that is missing costs no hits', () => {
	expect(read('* SEARCH 3 4 (MODSEQ NIL)')).toMatchObject({ numbers: [3, 4] });
});
