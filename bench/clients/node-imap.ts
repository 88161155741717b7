import { type EventEmitter, once } from 'node:events';
import { promisify } from 'node:util';
import Imap from 'imap';
import type { Account, BenchClient, Tally } from '../workload';

interface Attributes {
	uid: number;
	size: number;
	envelope?: { messageId: string | null };
	struct?: unknown[];
}

/** The package `imap`, known as node-imap. */
export class NodeImapClient implements BenchClient {
	private imap!: Imap;

	async open({ host, port, user, password }: Account, mailbox?: string): Promise<void> {
		this.imap = new Imap({
			host,
			port,
			user,
			password,
			tls: false,
			autotls: 'never',
			keepalive: false,
		});
		const ready = once(this.imap, 'ready');
		this.imap.connect();
		await ready;
		if (mailbox) await promisify(this.imap.openBox.bind(this.imap))(mailbox, false);
	}

	async close(): Promise<void> {
		const closed = once(this.imap, 'close');
		this.imap.end();
		await closed;
	}

	async envelopes(structure: boolean, tally: Tally): Promise<void> {
		const fetching = this.imap.fetch('1:*', { size: true, envelope: true, struct: structure });
		fetching.on('message', (message: EventEmitter) =>
			message.once('attributes', ({ uid, size, envelope, struct }: Attributes) => {
				if (structure && !struct) throw new Error('A body structure is missing');
				tally.message(uid, size, envelope?.messageId ?? '');
			}),
		);
		await once(fetching, 'end');
	}

	async bodies(tally: Tally): Promise<void> {
		await this.fetchBodies('1:*', (body) => {
			const chunks: Buffer[] = [];
			body.on('data', (chunk: Buffer) => chunks.push(chunk));
			body.once('end', () => tally.body(Buffer.concat(chunks)));
		});
	}

	async stream(tally: Tally): Promise<void> {
		await this.fetchBodies('1', (body) => {
			body.on('data', (chunk: Buffer) => tally.octets(chunk));
		});
	}

	private async fetchBodies(set: string, take: (body: EventEmitter) => void): Promise<void> {
		const fetching = this.imap.fetch(set, { bodies: '' });
		fetching.on('message', (message: EventEmitter) => message.on('body', take));
		await once(fetching, 'end');
	}

	async search(tally: Tally): Promise<void> {
		tally.found(await promisify(this.imap.search.bind(this.imap))(['ALL']));
	}

	async flagAll(): Promise<void> {
		await promisify(this.imap.addFlags.bind(this.imap))('1:*', ['\\Flagged']);
		await promisify(this.imap.delFlags.bind(this.imap))('1:*', ['\\Flagged']);
	}

	async flagEach(count: number): Promise<void> {
		const add = promisify(this.imap.addFlags.bind(this.imap));
		await Promise.all(
			Array.from({ length: count }, (_, index) => add(String(index + 1), ['\\Flagged'])),
		);
	}

	async append(mailbox: string, messages: Buffer[]): Promise<void> {
		const append = promisify(this.imap.append.bind(this.imap));
		await Promise.all(messages.map((message) => append(message, { mailbox })));
	}
}
