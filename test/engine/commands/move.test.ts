/** MOVE of a set that is too long for one command. */
import { describe, expect, test } from 'vitest';
import type { Command } from '../../../engine/commands/command';
import { moveMessages } from '../../../engine/commands/message/move';
import { Capabilities } from '../../../engine/grammar/capabilities';
import { SequenceSet, UidSet } from '../../../engine/grammar/message-set';

/** A mailbox whose messages are known by what they are, and renumbered by each removal. */
class Mailbox {
	readonly moved: number[] = [];
	readonly commands: string[] = [];
	readonly capabilities = new Capabilities(['IMAP4REV1', 'MOVE']);
	private messages: number[];

	constructor(size: number) {
		this.messages = Array.from({ length: size }, (_value, index) => index + 1);
	}

	async run<Result>(command: Command<Result>): Promise<Result> {
		this.commands.push(command.name);
		const set = SequenceSet.from((command.args[0] as { text: string }).text);
		const affected = this.messages.filter((message, index) =>
			set.includes(command.name === 'UID MOVE' ? message : index + 1),
		);
		this.moved.push(...affected);
		this.messages = this.messages.filter((message) => !affected.includes(message));
		return command.done({ type: 'tagged', tag: '', status: 'OK', text: '' }, undefined as never);
	}
}

describe('every second of six thousand messages', () => {
	const wanted = Array.from({ length: 3000 }, (_value, index) => 2 * index + 1);

	test('by sequence numbers: from the highest down, so that none is renumbered before its turn', async () => {
		const mailbox = new Mailbox(6000);
		await moveMessages(mailbox, SequenceSet.from(wanted), 'Archive');
		expect(mailbox.commands.length).toBeGreaterThan(1);
		expect(new Set(mailbox.commands)).toEqual(new Set(['MOVE']));
		expect(mailbox.moved.sort((a, b) => a - b)).toEqual(wanted);
	});

	test('by UIDs, which removals do not change', async () => {
		const mailbox = new Mailbox(6000);
		await moveMessages(mailbox, UidSet.from(wanted), 'Archive');
		expect(new Set(mailbox.commands)).toEqual(new Set(['UID MOVE']));
		expect(mailbox.moved.sort((a, b) => a - b)).toEqual(wanted);
	});
});
