/** A result that comes under another name is reported, and never taken for nothing found. */
import { describe, expect, test } from 'vitest';
import type { Imap4 } from '../../../engine/index';
import { nothingUnhandled, selected } from './fake-transport';

nothingUnhandled();

const CAPABILITIES = 'IMAP4rev1 SORT THREAD=REFERENCES QUOTA METADATA ANNOTATEMORE NAMESPACE ACL';
const searches = (imap: Imap4): Promise<unknown> => imap.selected.search({ seen: false });
const sorts = (imap: Imap4): Promise<unknown> => imap.selected.sort(['DATE'], { seen: false });
const threads = (imap: Imap4): Promise<unknown> => imap.selected.thread('REFERENCES');
const lists = (imap: Imap4): Promise<unknown> => imap.list();
const subscribed = (imap: Imap4): Promise<unknown> => imap.lsub();
const limits = (imap: Imap4): Promise<unknown> => imap.getQuotaRoot('INBOX');
const metadata = (imap: Imap4): Promise<unknown> => imap.getMetadata('INBOX', ['/private/comment']);
const status = (imap: Imap4): Promise<unknown> => imap.status('Inbóx', ['messages']);

async function answered(
	run: (imap: Imap4) => Promise<unknown>,
	lines: readonly string[],
	end = 'OK done',
): Promise<{ result: Promise<unknown>; imap: Imap4 }> {
	const { imap, server } = await selected({}, { capabilities: CAPABILITIES });
	const result = run(imap);
	result.catch(() => undefined);
	const tag = await server.command(/./);
	server.say(...lines, `${tag} ${end}`);
	return { result, imap };
}

describe('fails the command with what came, and leaves the session open', () => {
	test.each([
		['SEARCH', searches, '* UID SEARCH 1'],
		['SEARCH', searches, '* 5 SEARCH'],
		['SEARCH', searches, '* SEARCHED 1'],
		['SEARCH', searches, '* SEARCH: 1 2'],
		['SEARCH', searches, '* UIDSEARCH 1 2'],
		['SEARCH', searches, '* X-SEARCH 1 2'],
		['SEARCH', searches, 'SEARCH 1 2'],
		['SEARCH', searches, '* OK SEARCH 1 2'],
		['SEARCH', searches, '* SORT 1 2'],
		['SEARCH', searches, '* ESEARCH (TAG "x") ALL 1:3'],
		['SORT', sorts, '* UID SORT 2 1'],
		['SORT', sorts, '* SEARCH 1 2'],
		['SORT', sorts, '* ESEARCH (TAG "x") UID ALL 1,2'],
		['THREAD', threads, '* UID THREAD (1)'],
		['THREAD', threads, '* THREADS (1)'],
		['LIST', lists, '* LIST INBOX'],
		['LIST', lists, '* LIST () "/"'],
		['LIST', lists, '* LIST () "/" (INBOX)'],
		['LIST', lists, '* LSUB () "/" INBOX'],
		['LIST', lists, '* RLIST () "/" INBOX'],
		['LIST', lists, 'LIST () "/" INBOX'],
		['LSUB', subscribed, '* LIST () "/" INBOX'],
		['GETQUOTAROOT', limits, '* QUOTAS "" (STORAGE 1 2)'],
		['GETQUOTAROOT', limits, '* QUOTAROOT Other ""'],
		['GETMETADATA', metadata, '* METADATAS INBOX (/private/comment "x")'],
		['GETMETADATA', metadata, '* METADATA Other (/private/comment "x")'],
		['GETMETADATA', metadata, '* ANNOTATION INBOX "/comment" ("value.priv" "x")'],
	])('%s', async (_name, run, line) => {
		const { result, imap } = await answered(run, [line]);
		await expect(result).rejects.toMatchObject({
			code: 'MALFORMED',
			message: expect.stringContaining(line) as string,
		});
		expect(imap.closedBy).toBeUndefined();
	});

	test.each([
		['in its text', 'OK SEARCH 1 2 3'],
		['in its response code', 'OK [SEARCH 1 2] done'],
	])('a result in the end of the command, %s', async (_where, end) => {
		const { result } = await answered(searches, [], end);
		await expect(result).rejects.toMatchObject({ code: 'MALFORMED' });
	});
});

describe('nothing found stays nothing found', () => {
	test.each([
		['an empty result', searches, ['* SEARCH'], 'OK done', []],
		['no result at all', searches, [], 'OK SEARCH completed (0.001 + 0.000 secs).', []],
		['a number that is none of a message', searches, [], 'OK SEARCH 0', []],
		['progress', searches, ['* OK Searched 50% of the mailbox'], 'OK done', []],
		['news of messages', searches, ['* 11 EXISTS', '* 1 FETCH (FLAGS ())'], 'OK done', []],
		['an extension of its own', searches, ['* XVENDOR 1 2'], 'OK done', []],
		[
			'an odd answer beside the right one',
			lists,
			['* LIST INBOX', '* LIST () "/" a'],
			'OK x',
			[{}],
		],
		[
			'a change of metadata',
			metadata,
			['* METADATA INBOX /private/comment'],
			'OK done',
			{ values: {} },
		],
		['no limits', limits, [], 'OK done', { roots: [], quotas: [] }],
	])('%s', async (_what, run, lines, end, expected) => {
		const { result } = await answered(run, lines, end);
		expect(await result).toMatchObject(expected);
	});
});

test('a STATUS that names the mailbox in other letters is still taken, if no other comes', async () => {
	const { result } = await answered(status, ['* STATUS inbóx (MESSAGES 2)']);
	expect(await result).toEqual({ mailbox: 'Inbóx', messages: 2 });
});

test('limits without the names of their roots are those of the mailbox', async () => {
	const { result } = await answered(limits, ['* QUOTA "" (STORAGE 1 2)']);
	expect(await result).toEqual({
		roots: [''],
		quotas: [{ root: '', resources: [{ name: 'STORAGE', usage: 1, limit: 2 }] }],
	});
});

test.each(['COUNT 3', 'MIN 1', 'MAX 9'])(
	'an ESEARCH with %s and without the hits is asked for again without ESEARCH',
	async (data) => {
		const { imap, server } = await selected({}, { capabilities: 'IMAP4rev1 ESEARCH' });
		const result = imap.selected.search({ seen: false });
		await server.answer(/^UID SEARCH RETURN/, `* ESEARCH (TAG "x") UID ${data}`);
		await server.answer('UID SEARCH UNSEEN', '* SEARCH 1 5 9');
		expect(await result).toEqual([1, 5, 9]);
	},
);
