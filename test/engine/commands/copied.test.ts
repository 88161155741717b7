/** COPYUID is believed only where it can be true. */
import { describe, expect, test } from 'vitest';
import { nothingUnhandled, selected } from '../client/fake-transport';

nothingUnhandled();

async function copied(uids: string, code: string, how: 'COPY' | 'MOVE'): Promise<unknown> {
	const { imap, server } = await selected();
	const mailbox = imap.selected;
	const work =
		how === 'COPY'
			? mailbox.copy(uids, 'Archive')
			: mailbox.move(uids, 'Archive').then((moved) => moved.copied);
	const tag = await server.command(new RegExp(`^UID ${how}`));
	if (how === 'MOVE') server.say(`* OK [COPYUID ${code}] x`, '* 1 EXPUNGE', `${tag} OK done`);
	else server.say(`${tag} OK [COPYUID ${code}] done`);
	return work;
}

describe.each(['COPY', 'MOVE'] as const)('%s', (how) => {
	test.each([
		['two messages that became one', '1:2', '5 1:2 7,7'],
		['two messages that became one, out of order', '1:3', '5 1:3 8,7,8'],
		['messages that were not named', '1:2', '5 9:10 7:8'],
		['one message that was not named', '1:2', '5 2:3 7:8'],
	])('%s: nothing is known', async (_what, uids, code) => {
		expect(await copied(uids, code, how)).toBeUndefined();
	});

	test.each([
		['all of them', '1:2', '5 1:2 7:8', [7, 8]],
		['fewer, since one was gone', '1:3', '5 1,3 7:8', [7, 8]],
		['in another order', '1:3', '5 3,1,2 9,7,8', [9, 7, 8]],
		['of a set without an end', '1:*', '5 1:2 7:8', [7, 8]],
	])('%s', async (_what, uids, code, expected) => {
		const { uids: found } = (await copied(uids, code, how)) as { uids: Map<number, number> };
		expect([...found.values()]).toEqual(expected);
	});
});
