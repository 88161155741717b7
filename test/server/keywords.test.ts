import { expect, test } from 'vitest';
import { mail, selected } from './raw-client';

const two = ['a', 'b'].map((Subject) => mail({ Subject }));
const FLAGS = '\\Answered \\Flagged \\Deleted \\Seen \\Draft';

test('a new keyword: all flags are sent once more, before the messages', async () => {
	const { client } = await selected(two);
	expect(await client.untagged('STORE 1:2 +FLAGS (kw)')).toEqual([
		`FLAGS (${FLAGS} kw)`,
		`OK [PERMANENTFLAGS (${FLAGS} kw \\*)] Flags permitted.`,
		'1 FETCH (FLAGS (kw))',
		'2 FETCH (FLAGS (kw))',
	]);
	expect(await client.untagged('STORE 1 +FLAGS (KW)')).toEqual(['1 FETCH (FLAGS (kw))']);
});

test('other sessions receive it as well', async () => {
	const { client, other } = await selected(two);
	await (await other()).send('STORE 2 +FLAGS (kw)');
	expect(await client.untagged('NOOP')).toEqual([
		`FLAGS (${FLAGS} kw)`,
		`OK [PERMANENTFLAGS (${FLAGS} kw \\*)] Flags permitted.`,
		'2 FETCH (UID 2 FLAGS (kw))',
	]);
});

test('no keyword comes of a removal, or of a set without messages', async () => {
	const { client } = await selected(two);
	expect(await client.untagged('STORE 1 -FLAGS.SILENT (kw)')).toEqual([]);
	expect(await client.untagged('UID STORE 9 +FLAGS (kw)')).toEqual([]);
});
