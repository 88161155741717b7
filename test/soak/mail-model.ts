import { createHash } from 'node:crypto';
import type { Imap4 } from '../../engine/index';

/** Flags of every message by `mailbox/id`; of one that is there twice, those of both. */
export type MailModel = ReadonlyMap<string, string>;

/** The message of an id: its octets follow from the id, so that they need not be kept. */
export function messageOf(id: string): Buffer {
	const digest = createHash('sha256').update(id).digest();
	// One in sixteen is large enough to be streamed.
	const lines = digest[0]! < 16 ? 3_000 : digest[1]!;
	const line = `${digest.toString('base64')}\r\n`;
	return Buffer.from(`Subject: ${id}\r\nX-Soak: ${id}\r\n\r\n${line.repeat(lines)}`);
}

/** Reads what is in these mailboxes. @throws Error if the octets of a message are not those it was made of */
export async function readMailboxes(imap: Imap4, mailboxes: readonly string[]): Promise<MailModel> {
	const model = new Map<string, string>();
	for (const mailbox of mailboxes) {
		const { exists } = await imap.open(mailbox, { readOnly: true });
		if (exists === 0) continue;
		const wanted = { flags: true, body: [{ section: '', peek: true }] } as const;
		for await (const { flags, body } of imap.selected.bySequenceNumber.fetch('1:*', wanted)) {
			const octets = (await body[0]?.bytes()) ?? Buffer.alloc(0);
			const id = /^X-Soak: (.*)\r$/m.exec(octets.subarray(0, 300).toString('latin1'))?.[1] ?? '?';
			if (!octets.equals(messageOf(id)))
				throw new Error(`${mailbox}/${id} is not as it was stored`);
			const key = `${mailbox}/${id}`;
			const now = flagsOf(flags ?? []);
			model.set(key, [...(model.get(key)?.split(' & ') ?? []), now].sort().join(' & '));
		}
	}
	return model;
}

export function flagsOf(flags: Iterable<string>): string {
	return (
		[...flags]
			.filter((flag) => flag !== '\\Recent')
			.sort()
			.join(' ') || '-'
	);
}

/**
 * What is on the server and cannot be: every message must be as it was before or after one of the
 * commands that were under way.
 * @param admissible what the mailboxes held before, between and after them
 */
export function deviations(seen: MailModel, admissible: readonly MailModel[]): string[] {
	const keys = new Set([seen, ...admissible].flatMap((model) => [...model.keys()]));
	return [...keys].flatMap((key) => {
		const now = seen.get(key);
		const might = admissible.map((model) => model.get(key));
		return might.includes(now)
			? []
			: [`${key} is ${now ?? 'not there'}, not ${might.map((one) => one ?? 'away').join(' or ')}`];
	});
}

/** Messages that a command which removes none has lost: those with an id that is nowhere any more. */
export function lost(seen: MailModel, before: MailModel): string[] {
	const idOf = (key: string): string => key.slice(key.indexOf('/') + 1);
	const there = new Set([...seen.keys()].map(idOf));
	return [...before.keys()].map(idOf).filter((id) => !there.has(id));
}
