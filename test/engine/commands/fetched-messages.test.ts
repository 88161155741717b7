import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { FetchedMessages } from '../../../engine/commands/message/fetched-messages';
import type { MessageSink } from '../../../engine/commands/message/fetch-answers';
import { FetchedMessage } from '../../../engine/grammar/fetch';
import type { SequenceNumber } from '../../../engine/grammar/message-number';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('a message that was taken is not held, even where others always wait', async () => {
	const made: Array<WeakRef<FetchedMessage>> = [];
	const session = {
		flow: { contended: false, pause: () => undefined, resume: () => undefined },
	} as Parameters<MessageSink['message']>[1];
	const messages = new FetchedMessages(async (sink) => {
		for (let seq = 1; seq <= 10; seq++) {
			const message = new FetchedMessage(seq as SequenceNumber);
			made.push(new WeakRef(message));
			sink.message(message, session);
		}
	})[Symbol.asyncIterator]();
	for (let taken = 0; taken < 5; taken++) await messages.next();
	// References are weak only from the next turn of the event loop on.
	await new Promise((resolve) => setImmediate(resolve));
	collect();
	expect(made.map((one) => one.deref()?.seq)).toEqual([
		...[undefined, undefined, undefined, undefined],
		...[5, 6, 7, 8, 9, 10],
	]);
	await messages.return?.();
});
