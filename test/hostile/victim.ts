/**
 * A client in a process of its own, so that what a hostile server makes it hold can be measured. It
 * does what it is told, and tells what came of it.
 */
import type { ConnectOptions } from '../../engine/index';
import { Imap4, Imap4Error } from '../../engine/index';

export interface Order {
	port: number;
	doing: Deed;
	options?: Pick<ConnectOptions, 'limits' | 'timeouts' | 'auth'>;
}

export interface Outcome {
	/** Of the typed error; `none` if it succeeded, else what was thrown. */
	code: string;
	/** Most that the process held in memory while it was at it, in octets. */
	peak: number;
	/** What another session of the same process came to afterwards. */
	bystander: string;
}

const DEEDS = {
	connect: () => Promise.resolve(),
	noop: (imap: Imap4) => imap.noop(),
	list: (imap: Imap4) => imap.list(),
	namespace: (imap: Imap4) => imap.namespace(),
	expunge: async (imap: Imap4) => {
		await imap.open();
		await imap.selected.expunge();
	},
	store: async (imap: Imap4) => {
		await imap.open();
		await imap.selected.bySequenceNumber.store('1:*', '+FLAGS', ['\\Seen']);
	},
	search: async (imap: Imap4) => {
		await imap.open();
		await imap.selected.bySequenceNumber.search({ subject: 'x' });
	},
	thread: async (imap: Imap4) => {
		await imap.open();
		JSON.stringify(await imap.selected.bySequenceNumber.thread('REFERENCES'));
	},
	fetchAll: async (imap: Imap4) => {
		await imap.open();
		await imap.selected.bySequenceNumber
			.fetch('1:10', { envelope: true, bodyStructure: true, size: true })
			.all();
	},
	fetchBody: async (imap: Imap4) => {
		await imap.open();
		for await (const { body } of imap.selected.bySequenceNumber.fetch('1', { body: [{}] }))
			await body[0]?.bytes();
	},
	copy: async (imap: Imap4) => {
		await imap.open();
		await imap.selected.bySequenceNumber.copy('1', 'Target');
	},
	xatom: (imap: Imap4) => imap.command('XFOO'),
	compressed: async (imap: Imap4) => {
		await imap.compress();
		await imap.noop();
	},
} satisfies Record<string, (imap: Imap4) => Promise<unknown>>;

export type Deed = keyof typeof DEEDS;

async function carryOut({ port, doing, options }: Order): Promise<string> {
	let imap: Imap4 | undefined;
	try {
		imap = await Imap4.connect({ host: '127.0.0.1', port, security: 'none', ...options });
		await DEEDS[doing](imap);
		return 'none';
	} catch (error) {
		return error instanceof Imap4Error ? error.code : String((error as Error).stack);
	} finally {
		// What a limit has ended is closed already.
		if (imap && !imap.closedBy) imap.destroy();
	}
}

let bystander: Imap4 | undefined;

process.on('message', (order: Order & { healthy?: number }) => {
	void (async () => {
		bystander ??= await Imap4.connect({
			host: '127.0.0.1',
			port: order.healthy,
			security: 'none',
			auth: { user: 'ann', password: 'secret' },
		});
		let peak = 0;
		const sample = (): void => void (peak = Math.max(peak, process.memoryUsage.rss()));
		const timer = setInterval(sample, 5);
		const code = await carryOut(order);
		sample();
		clearInterval(timer);
		const after = await bystander.noop().then(
			() => 'ok',
			(error: unknown) => String(error),
		);
		process.send?.({ code, peak, bystander: after } satisfies Outcome);
	})();
});
process.send?.('ready');
