import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Imap4AbortError, Imap4Error } from '../../../engine/index';
import { nothingUnhandled, selected, turns } from './fake-transport';
import { damaged } from '../grammar/damaged-responses';
import { cut } from '../wire/framed';

nothingUnhandled();

test('whatever comes while commands wait, each of them ends, and nothing else happens', async () => {
	await fc.assert(
		fc.asyncProperty(
			damaged,
			fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 }),
			fc.constantFrom(1, 5, 1000),
			async (bytes, sizes, streamThreshold) => {
				const { imap, server } = await selected({ limits: { streamThreshold } });
				const read: (number | undefined)[] = [];
				const loop = (async () => {
					for await (const { body } of imap.selected.bySequenceNumber.fetch('1:*', {
						uid: true,
						envelope: true,
						body: [{ section: '' }, { section: 'HEADER.FIELDS', fields: ['From', 'To'] }],
					})) {
						read.push((await body[0]?.bytes())?.length);
					}
				})();
				const all = Promise.allSettled([
					loop,
					imap.status('a', ['messages']),
					imap.selected.search({ all: true }),
					imap.noop(),
				]);
				await turns(1);
				server.deliver(...cut(bytes, sizes));
				await turns(2);
				if (!server.destroyed) server.close();
				for (const result of await all) {
					expect(result.status).toBe('rejected');
					if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(Imap4Error);
				}
				expect(imap.closedBy).toBeInstanceOf(Imap4AbortError);
			},
		),
		{ numRuns: 500 },
	);
});
