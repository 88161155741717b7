import { ImapFlow } from 'imapflow';
import type { Account, BenchClient, Tally } from '../workload';

export class ImapFlowClient implements BenchClient {
	private imap!: ImapFlow;

	async open({ host, port, user, password }: Account, mailbox?: string): Promise<void> {
		this.imap = new ImapFlow({
			host,
			port,
			secure: false,
			doSTARTTLS: false,
			auth: { user, pass: password },
			logger: false,
			// As all others here: no compression over loopback, no IDLE between commands.
			disableCompression: true,
			disableAutoIdle: true,
		});
		await this.imap.connect();
		if (mailbox) await this.imap.mailboxOpen(mailbox);
	}

	async close(): Promise<void> {
		await this.imap.logout();
	}

	async envelopes(structure: boolean, tally: Tally): Promise<void> {
		const items = {
			uid: true,
			flags: true,
			internalDate: true,
			size: true,
			envelope: true,
			bodyStructure: structure,
		};
		for await (const message of this.imap.fetch('1:*', items, { uid: true })) {
			if (structure && !message.bodyStructure) throw new Error('A body structure is missing');
			tally.message(message.uid, message.size as number, message.envelope?.messageId ?? '');
		}
	}

	async bodies(tally: Tally): Promise<void> {
		for await (const { source } of this.imap.fetch('1:*', { source: true }, { uid: true })) {
			tally.body(source as Buffer);
		}
	}

	async stream(tally: Tally): Promise<void> {
		const message = await this.imap.download('1', undefined, { uid: true });
		if (!message.content) throw new Error('There is no message');
		for await (const chunk of message.content) tally.octets(chunk as Buffer);
	}

	async search(tally: Tally): Promise<void> {
		tally.found((await this.imap.search({ all: true }, { uid: true })) || []);
	}

	async flagAll(): Promise<void> {
		await this.imap.messageFlagsAdd('1:*', ['\\Flagged'], { uid: true });
		await this.imap.messageFlagsRemove('1:*', ['\\Flagged'], { uid: true });
	}

	async flagEach(count: number): Promise<void> {
		await Promise.all(
			Array.from({ length: count }, (_, index) =>
				this.imap.messageFlagsAdd(String(index + 1), ['\\Flagged'], { uid: true }),
			),
		);
	}

	async append(mailbox: string, messages: Buffer[]): Promise<void> {
		await Promise.all(messages.map((message) => this.imap.append(mailbox, message)));
	}
}
