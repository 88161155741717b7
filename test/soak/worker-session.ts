import type { ConnectOptions } from '../../engine/index';
import { Imap4, Imap4Error, UidSet } from '../../engine/index';
import type { Random } from '../fuzz/random';
import type { MailModel } from './mail-model';
import { deviations, flagsOf, lost, messageOf, readMailboxes } from './mail-model';

const FLAGS = ['\\Seen', '\\Flagged', '\\Answered', '$Soak'];
/** Milliseconds that any operation may take, its own deadlines included. */
const HANGING = 60_000;
/** Messages of one mailbox, above which some are expunged. */
const FULL = 40;

/** A change under way: what the mailboxes hold after each of its commands. */
interface Change {
	states: MailModel[];
	/** Whether it removes messages for good. */
	removes?: boolean;
	send: (imap: Imap4) => Promise<unknown>;
}

export interface Counts {
	operations: Map<string, number>;
	errors: Map<string, number>;
	connections: number;
}

/** One session with two mailboxes of its own, and a third that it shares with others of its account. */
export class WorkerSession {
	private imap: Imap4 | undefined;
	private model: MailModel = new Map();
	/** What the mailboxes may hold, after commands of which nobody knows how they ended. */
	private admissible: MailModel[] = [];
	private mayLose = false;
	private selected = '';
	private sequence = 0;
	readonly own: readonly [string, string];
	/** In the mailbox that is shared: stored for certain, and perhaps. */
	readonly stored = new Set<string>();
	readonly perhaps = new Set<string>();
	/** The last operations, for whoever has to find out. */
	readonly history: string[] = [];

	constructor(
		private readonly name: string,
		private readonly options: ConnectOptions,
		private readonly compressed: boolean,
		private readonly random: Random,
		private readonly counts: Counts,
	) {
		this.own = [`${name} one`, `${name} two`];
	}

	/** Does something. @throws Error for whatever must not happen */
	async step(): Promise<void> {
		const kind = this.random.of(Object.keys(this.kinds));
		this.history.push(kind);
		if (this.history.length > 20) this.history.shift();
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<never>((_resolve, reject) => {
			timer = setTimeout(() => reject(new Error(`${kind} hangs`)), HANGING);
		});
		try {
			await Promise.race([this.attempt(kind), late]);
		} finally {
			clearTimeout(timer);
		}
	}

	private async attempt(kind: string): Promise<void> {
		try {
			const imap = await this.connected();
			await this.kinds[kind]!(imap);
			this.counts.operations.set(kind, (this.counts.operations.get(kind) ?? 0) + 1);
		} catch (error) {
			if (!(error instanceof Imap4Error)) throw error;
			const { code, message } = error;
			const name = code === 'PROTOCOL' ? `${code} (${message})` : code;
			this.counts.errors.set(name, (this.counts.errors.get(name) ?? 0) + 1);
			if (!this.imap?.closedBy && this.imap)
				throw new Error(`${kind} was refused on a sound connection`, { cause: error });
			this.imap = undefined;
		}
	}

	/** Connected, and sure of what the mailboxes hold. */
	private async connected(): Promise<Imap4> {
		if (this.imap && !this.imap.closedBy) return this.imap;
		this.imap = undefined;
		const imap = await Imap4.connect(this.options);
		this.imap = imap;
		this.counts.connections++;
		this.selected = '';
		if (this.compressed) await imap.compress();
		await this.makeMailboxes(imap);
		await this.look(imap);
		return imap;
	}

	private async makeMailboxes(imap: Imap4): Promise<void> {
		const there = new Set((await imap.list()).map(({ name }) => name));
		for (const name of [...this.own, 'Shared']) {
			if (there.has(name)) continue;
			await imap.createMailbox(name).catch((error: unknown) => {
				// Another session of the account may have been first.
				if (!(error instanceof Imap4Error) || error.responseCode !== 'ALREADYEXISTS') throw error;
			});
		}
	}

	/** Compares what is there with what may be there, and knows it from now on. */
	private async look(imap: Imap4): Promise<void> {
		const seen = await readMailboxes(imap, this.own);
		this.selected = '';
		const admissible = [this.model, ...this.admissible];
		const wrong = deviations(seen, admissible);
		if (!this.mayLose) wrong.push(...lost(seen, this.model).map((id) => `${id} is lost`));
		if (wrong.length > 0) throw new Error(`Not what it should be: ${wrong.slice(0, 5).join('; ')}`);
		this.model = seen;
		this.admissible = [];
		this.mayLose = false;
	}

	/** Carries out a change; until it is known to have ended any of its states may be. */
	private async change(imap: Imap4, { states, removes = false, send }: Change): Promise<void> {
		this.admissible = states;
		this.mayLose = removes;
		await send(imap);
		this.model = states.at(-1) ?? this.model;
		this.admissible = [];
		this.mayLose = false;
	}

	private readonly kinds: Readonly<Record<string, (imap: Imap4) => Promise<void>>> = {
		append: (imap) => {
			const to = this.random.of(this.own);
			const id = this.newId();
			const flags = this.someFlags();
			const after = new Map(this.model).set(`${to}/${id}`, flagsOf(flags));
			const send = (): Promise<unknown> => imap.append(to, messageOf(id), { flags });
			return this.change(imap, { states: [after], send });
		},
		'append several': (imap) => {
			const to = this.random.of(this.own);
			const ids = [this.newId(), this.newId(), this.newId()];
			const states = [new Map(this.model)];
			for (const id of ids) states.push(new Map(states.at(-1)).set(`${to}/${id}`, '-'));
			const messages = ids.map((id) => ({ message: messageOf(id) }));
			return this.change(imap, { states, send: () => imap.appendAll(to, messages) });
		},
		'append to the shared mailbox': async (imap) => {
			const id = this.newId();
			this.perhaps.add(id);
			await imap.append('Shared', messageOf(id));
			this.stored.add(id);
		},
		'store, several at once': async (imap) => {
			const [box, uids] = await this.some(imap);
			if (uids.length === 0) return;
			const changes = Array.from({ length: 1 + this.random.below(4) }, () => ({
				action: this.random.of(['+FLAGS', '-FLAGS', 'FLAGS'] as const),
				flags: this.someFlags(),
			}));
			const ids = await this.idsOf(imap, uids);
			const states: Map<string, string>[] = [new Map(this.model)];
			for (const { action, flags } of changes) {
				const next = new Map(states.at(-1));
				for (const id of ids) {
					const key = `${box}/${id}`;
					next.set(key, afterStore(next.get(key) ?? '', action, flags));
				}
				states.push(next);
			}
			const set = uids.join(',');
			const silent = this.random.below(2) === 0;
			const send = (): Promise<unknown> =>
				Promise.all(
					changes.map(({ action, flags }) => imap.selected.store(set, action, flags, { silent })),
				);
			await this.change(imap, { states, send });
		},
		copy: async (imap) => {
			const [box, uids] = await this.some(imap);
			if (uids.length === 0 || this.model.size > 2 * FULL) return;
			const other = this.otherOf(box);
			const after = new Map(this.model);
			for (const id of await this.idsOf(imap, uids)) {
				const here = this.model.get(`${box}/${id}`) ?? '';
				const there = this.model.get(`${other}/${id}`);
				const both = [...(there?.split(' & ') ?? []), here].sort();
				after.set(`${other}/${id}`, both.join(' & '));
			}
			const send = (): Promise<unknown> => imap.selected.copy(UidSet.from(uids), other);
			await this.change(imap, { states: [after], send });
		},
		move: async (imap) => {
			const [box, uids] = await this.some(imap);
			if (uids.length === 0) return;
			const other = this.otherOf(box);
			const after = new Map(this.model);
			for (const id of await this.idsOf(imap, uids)) {
				const here = this.model.get(`${box}/${id}`) ?? '';
				const there = this.model.get(`${other}/${id}`);
				after.delete(`${box}/${id}`);
				after.set(`${other}/${id}`, [...(there?.split(' & ') ?? []), here].sort().join(' & '));
			}
			await this.change(imap, {
				states: [after],
				send: () => imap.selected.move(UidSet.from(uids), other),
			});
		},
		expunge: async (imap) => {
			const [box, uids] = await this.some(imap, 15);
			if (uids.length === 0) return;
			const ids = await this.idsOf(imap, uids);
			// A store that was cut may have left others marked; these are to stay.
			const all =
				this.random.below(2) === 0 &&
				!this.valuesIn(box).some((flags) => flags.includes('\\Deleted'));
			const marked = new Map(this.model);
			const after = new Map(this.model);
			for (const id of ids) {
				const key = `${box}/${id}`;
				marked.set(key, afterStore(this.model.get(key) ?? '', '+FLAGS', ['\\Deleted']));
				after.delete(key);
			}
			await this.change(imap, {
				states: [marked, after],
				removes: true,
				send: async () => {
					await imap.selected.store(UidSet.from(uids), '+FLAGS', ['\\Deleted']);
					await imap.selected.expunge(all ? undefined : UidSet.from(uids));
				},
			});
			await this.look(imap);
		},
		'read envelopes and structures': async (imap) => {
			await this.select(imap, this.random.of([...this.own, 'Shared']));
			const all = { uid: true, envelope: true, bodyStructure: true, size: true } as const;
			for await (const { envelope } of imap.selected.fetch('1:*', all))
				if (!envelope?.subject) throw new Error('A message without its subject');
		},
		'read bodies, some half': async (imap) => {
			await this.select(imap, this.random.of([...this.own, 'Shared']));
			const all = { body: [{ section: '', peek: true }] };
			for await (const { body } of imap.selected.fetch('1:*', all)) {
				const way = this.random.below(8);
				if (way === 0) return;
				if (way === 1) continue;
				if (way > 2) await body[0]?.bytes();
				else for await (const chunk of body[0]!.stream()) if (chunk) break;
			}
		},
		search: async (imap) => {
			const box = await this.select(imap);
			const found = await imap.selected.search({ flagged: true });
			const values = this.valuesIn(box).flatMap((value) => value.split(' & '));
			const wanted = values.filter((flags) => flags.includes('\\Flagged')).length;
			if (found.length !== wanted)
				throw new Error(`A search found ${found.length} messages, not ${wanted}`);
		},
		sort: async (imap) => {
			await this.select(imap);
			await imap.selected.sort(['SUBJECT'], { all: true });
		},
		status: async (imap) => {
			const box = this.random.of(this.own);
			const { messages } = await imap.status(box, ['messages', 'uidNext', 'unseen']);
			const wanted = this.valuesIn(box).flatMap((value) => value.split(' & ')).length;
			if (messages !== wanted) throw new Error(`STATUS says ${messages} messages, not ${wanted}`);
		},
		'make, rename, subscribe and delete a mailbox': async (imap) => {
			const name = `${this.name} & Größe ${this.sequence++}`;
			await imap.createMailbox(name);
			await imap.subscribe(name);
			await imap.renameMailbox(name, `${name} 2`);
			await imap.unsubscribe(name);
			await imap.deleteMailbox(`${name} 2`);
		},
		idle: async (imap) => {
			await this.select(imap, 'Shared');
			for await (const news of imap.idle({ duration: 20 + this.random.below(300) })) void news;
		},
		'several at once': async (imap) => {
			await Promise.all([
				imap.noop(),
				imap.list(),
				imap.status(this.own[0], ['messages']),
				imap.noop(),
			]);
		},
		'log out': async (imap) => {
			await imap.logout();
			this.imap = undefined;
		},
	};

	private newId(): string {
		return `${this.name}-${++this.sequence}`;
	}

	private someFlags(): string[] {
		return FLAGS.filter(() => this.random.below(2) === 0);
	}

	private otherOf(box: string): string {
		return box === this.own[0] ? this.own[1] : this.own[0];
	}

	private valuesIn(box: string): string[] {
		return [...this.model].flatMap(([key, value]) => (key.startsWith(`${box}/`) ? [value] : []));
	}

	private async select(imap: Imap4, box = this.random.of(this.own)): Promise<string> {
		if (this.selected !== box || this.random.below(5) === 0) await imap.open(box);
		this.selected = box;
		return box;
	}

	/** Some messages of a mailbox of its own that are there once. */
	private async some(imap: Imap4, most = 5): Promise<[string, number[]]> {
		const box = await this.select(imap);
		const all = await imap.selected.search({ all: true });
		const ids = await this.idsOf(imap, all);
		const uids = all.filter((_uid, index) => {
			const id = ids[index] as string;
			return !this.model.get(`${box}/${id}`)?.includes(' & ') && this.random.below(2) === 0;
		});
		return [box, uids.slice(0, all.length > FULL ? FULL : most)];
	}

	private async idsOf(imap: Imap4, uids: readonly number[]): Promise<string[]> {
		if (uids.length === 0) return [];
		const ids = new Map<number, string>();
		for await (const { uid, envelope } of imap.selected.fetch(UidSet.from(uids), {
			envelope: true,
		}))
			ids.set(uid ?? 0, envelope?.subject ?? '');
		return uids.map((uid) => ids.get(uid) ?? '');
	}

	/** Reads all back a last time. */
	async finish(): Promise<void> {
		const imap = await this.connected();
		await this.look(imap);
		await imap.logout();
		this.imap = undefined;
	}
}

function afterStore(
	before: string,
	action: '+FLAGS' | '-FLAGS' | 'FLAGS',
	flags: string[],
): string {
	const had = before.split(' ').filter((flag) => flag !== '-' && flag !== '');
	if (action === 'FLAGS') return flagsOf(flags);
	if (action === '-FLAGS') return flagsOf(had.filter((flag) => !flags.includes(flag)));
	return flagsOf(new Set([...had, ...flags]));
}
