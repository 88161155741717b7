import { createRequire } from 'node:module';
import type * as Engine from '../../engine/index';
import type { Account, BenchClient, Tally } from '../workload';

/** This project's engine, as it is built: the file that BENCH_ENGINE names. */
const load = createRequire(__filename) as (file: string) => typeof Engine;
const { Imap4, UidSet } = load(process.env.BENCH_ENGINE as string);

export class EngineClient implements BenchClient {
	private imap!: Engine.Imap4;

	async open({ host, port, user, password }: Account, mailbox?: string): Promise<void> {
		this.imap = await Imap4.connect({
			host,
			port,
			security: 'none',
			// As the peers log in. In clear text the engine by itself would take CRAM-MD5, a round trip more.
			auth: { user, password, mechanism: 'PLAIN' },
		});
		if (mailbox) await this.imap.open(mailbox);
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
		for await (const message of this.imap.selected.fetch('1:*', items)) {
			if (structure && !message.bodyStructure) throw new Error('A body structure is missing');
			tally.message(
				message.uid as number,
				message.size as number,
				message.envelope?.messageId ?? '',
			);
		}
	}

	async bodies(tally: Tally): Promise<void> {
		for await (const { body } of this.imap.selected.fetch('1:*', { body: [{}] })) {
			tally.body((await body[0]?.bytes()) as Buffer);
		}
	}

	async stream(tally: Tally): Promise<void> {
		for await (const { body } of this.imap.selected.fetch(UidSet.from(1), { body: [{}] })) {
			for await (const chunk of (body[0] as Engine.MessageBody).stream()) {
				tally.octets(chunk as Buffer);
			}
		}
	}

	async search(tally: Tally): Promise<void> {
		tally.found(await this.imap.selected.search({ all: true }));
	}

	async flagAll(): Promise<void> {
		await this.imap.selected.store('1:*', '+FLAGS', ['\\Flagged'], { silent: true });
		await this.imap.selected.store('1:*', '-FLAGS', ['\\Flagged'], { silent: true });
	}

	async flagEach(count: number): Promise<void> {
		await Promise.all(
			Array.from({ length: count }, (_, index) =>
				this.imap.selected.store(UidSet.from(index + 1), '+FLAGS', ['\\Flagged'], { silent: true }),
			),
		);
	}

	async append(mailbox: string, messages: Buffer[], together: boolean): Promise<void> {
		if (together) {
			await this.imap.appendAll(
				mailbox,
				messages.map((message) => ({ message })),
			);
		} else await Promise.all(messages.map((message) => this.imap.append(mailbox, message)));
	}
}
