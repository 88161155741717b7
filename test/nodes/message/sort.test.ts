import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baseSubject } from '../../../mail/base-subject';
import { parseDateField } from '../../../mail/sent-date';
import { commandNames, errorOf, jsonOf, mail, startServer, USER } from '../run-node';

const getMany = { node: 'imap4Message', operation: 'getMany' } as const;

interface Sample {
	from: string;
	to: string;
	cc: string;
	subject: string;
	date: string;
	received: Date;
	text: string;
}

const samples: fc.Arbitrary<Sample> = fc.record({
	from: fc.constantFrom(
		'Bert <bert@example.org>',
		'"Zed" <ANNA@example.org>',
		'ärger@example.org',
		'clara@b.example, bert@a.example',
	),
	to: fc.constantFrom('x@example.org', 'Team: b@example.org, a@example.org;', 'Y@example.org'),
	cc: fc.constantFrom('', 'q@example.org', 'P@example.org'),
	subject: fc.constantFrom(
		'apples',
		'Re: Apples',
		'[list] Fwd: bananas (fwd)',
		'=?utf-8?q?=C3=84pfel?=',
		'[fwd: cherries]',
		'',
		'Re: [list] re[2]: apples',
	),
	date: fc.constantFrom(
		'Tue, 03 Nov 2026 10:00:00 +0000',
		'Tue, 03 Nov 2026 10:00:00 +0200 (CEST)',
		'3 Nov 2026 12:00 -0500',
		'',
		'someday',
	),
	received: fc
		.integer({ min: 0, max: 5 })
		.map((hours) => new Date(Date.UTC(2026, 10, 3, hours, 0, 0))),
	text: fc.constantFrom('', 'x', 'a longer text'),
});

function octets({ from, to, cc, subject, date, text }: Sample): string {
	return [
		`From: ${from}`,
		`To: ${to}`,
		...(cc ? [`Cc: ${cc}`] : []),
		...(subject ? [`Subject: ${subject}`] : []),
		...(date ? [`Date: ${date}`] : []),
		'',
		text,
	].join('\r\n');
}

const rules = fc.array(
	fc.record({
		by: fc.constantFrom('arrival', 'cc', 'date', 'from', 'size', 'subject', 'to'),
		direction: fc.constantFrom('ascending', 'descending'),
	}),
	{ minLength: 1, maxLength: 3 },
);

test('sorted here is sorted as a server does', async () => {
	const able = await startServer();
	const unable = await startServer({ capabilities: { remove: ['SORT', 'SORT=DISPLAY', 'ESORT'] } });
	const uids = async (server: typeof able, key: object[], output: 'uid' | 'via') =>
		(
			await jsonOf({ ...getMany, server, parameters: { returnAll: true, sort: { key } as never } })
		).map((json) => json[output]);
	await fc.assert(
		fc.asyncProperty(
			fc.array(samples, { minLength: 1, maxLength: 12 }),
			rules,
			async (all, key) => {
				for (const server of [able, unable]) {
					const inbox = server.account(USER).mailbox('INBOX');
					inbox.remove(new Set(inbox.messages));
					for (const one of all) inbox.append(octets(one), { internalDate: one.received });
				}
				const sorted = await uids(able, key, 'uid');
				expect(sorted).toHaveLength(all.length);
				expect(await uids(unable, key, 'uid')).toEqual(sorted);
			},
		),
		{ numRuns: 60 },
	);
	expect(await uids(able, [{ by: 'size' }], 'via')).not.toContain('FETCH');
	expect(new Set(await uids(unable, [{ by: 'size' }], 'via'))).toEqual(new Set(['FETCH']));
});

const commands = (server: Parameters<typeof commandNames>[0]): string[] =>
	commandNames(server).filter((name) => name !== 'UNSELECT');

describe('Sort', () => {
	const withSubjects = async (remove: string[] = []) => {
		const server = await startServer({ capabilities: { remove } });
		const inbox = server.account(USER).mailbox('INBOX');
		for (const subject of ['c', 'Re: a', 'b', 'a']) inbox.append(mail(subject));
		return server;
	};
	const by = (key: string, direction = 'ascending') => ({ key: [{ by: key, direction }] });

	test('the limit applies after sorting, and "Order" does not', async () => {
		for (const remove of [[], ['SORT']]) {
			const server = await withSubjects(remove);
			const output = await jsonOf({
				...getMany,
				server,
				parameters: { limit: 3, order: 'newest', sort: by('subject') },
			});
			expect(output.map(({ uid }) => uid)).toEqual([2, 4, 3]);
		}
	});

	test('takes one command of the server, or a search and a fetch', async () => {
		const able = await withSubjects();
		await jsonOf({ ...getMany, server: able, parameters: { sort: by('size', 'descending') } });
		expect(able.commands.find(({ name }) => name === 'UID SORT')?.line).toBe(
			'UID SORT (REVERSE SIZE) UTF-8 ALL',
		);
		expect(commands(able)).toEqual(['EXAMINE', 'UID SORT', 'UID FETCH']);
		const unable = await withSubjects(['SORT']);
		await jsonOf({ ...getMany, server: unable, parameters: { sort: by('size', 'descending') } });
		expect(commands(unable)).toEqual(['EXAMINE', 'UID SEARCH', 'UID FETCH', 'UID FETCH']);
	});

	test.each([
		[by('colour'), '"Sort By" is "colour"'],
		[by('date', 'sideways'), '"Direction" is "sideways"'],
	])('%j is refused before anything is sent', async (sort, said) => {
		const server = await withSubjects();
		const { message } = await errorOf({ ...getMany, server, parameters: { sort } });
		expect(message).toContain(said);
		expect(commandNames(server)).toEqual([]);
	});
});

test.each([
	['Re: [list] Re: x (fwd)', { text: 'x', isReply: true }],
	['[fwd: [list] x]', { text: 'x', isReply: true }],
	['[list]', { text: '[list]', isReply: false }],
	['  x  y  ', { text: 'x y', isReply: false }],
	['Reply', { text: 'Reply', isReply: false }],
	['Re[2]: x', { text: 'x', isReply: true }],
])('the base subject of %j is %j (RFC 5256 §2.1)', (subject, base) => {
	expect(baseSubject(subject)).toEqual(base);
});

test.each([
	['Tue, 03 Nov 2026 10:00:00 +0200 (CEST)', '2026-11-03T08:00:00.000Z'],
	['3 Nov 2026 10:00', '2026-11-03T10:00:00.000Z'],
	['Tue, 03 Nov 2026 10:00:00 GMT', '2026-11-03T10:00:00.000Z'],
	['someday', undefined],
	['', undefined],
])('the Date field %j', (text, iso) => {
	const time = parseDateField(text);
	expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(iso);
});
