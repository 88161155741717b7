import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Account, BenchClient, Tally } from '../workload';

/** Octets of the longest tagged response; that to a login lists all capabilities. */
const TAIL = 2000;

/**
 * The limit: a socket and hand-written commands, nothing of the answers is read but whether they
 * have ended. It knows that the server takes literals without being asked (LITERAL+).
 */
export class RawClient implements BenchClient {
	private socket!: Socket;
	private tag = 0;
	private chunks: Buffer[] = [];
	private tail = '';
	private checking = false;
	private waiting: { end: string; done(): void } | undefined;

	/** @param keeping the answers stay in memory until their command has ended */
	constructor(private readonly keeping: boolean) {}

	async open({ host, port, user, password }: Account, mailbox?: string): Promise<void> {
		this.socket = connect(port, host);
		this.socket.setNoDelay(true);
		this.socket.on('data', (chunk: Buffer) => this.data(chunk));
		await this.until('* OK');
		await this.command(`LOGIN ${user} ${password}`);
		if (mailbox) await this.command(`SELECT ${mailbox}`);
	}

	async close(): Promise<void> {
		const closed = new Promise((resolve) => this.socket.once('close', resolve));
		await this.command('LOGOUT');
		await closed;
	}

	async envelopes(structure: boolean, tally: Tally): Promise<void> {
		const items = `UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE${structure ? ' BODYSTRUCTURE' : ''}`;
		const answer = await this.answer(`UID FETCH 1:* (${items})`, tally);
		if (!tally.checking) return;
		for (const line of answer.toString('latin1').split(/\r\n(?=[*A])/)) {
			const [, uid] = / FETCH .*?UID (\d+)/.exec(line) ?? [];
			const [, size] = /RFC822.SIZE (\d+)/.exec(line) ?? [];
			const [, id] = /"(<[^">]+@mail.example.org>)"\)/.exec(line) ?? [];
			if (uid && size && id) tally.message(Number(uid), Number(size), id);
		}
	}

	async bodies(tally: Tally): Promise<void> {
		const answer = await this.answer('UID FETCH 1:* (UID BODY.PEEK[])', tally);
		if (tally.checking) for (const body of literals(answer)) tally.body(body);
	}

	async stream(tally: Tally): Promise<void> {
		const answer = await this.answer('UID FETCH 1 (UID BODY.PEEK[])', tally);
		if (tally.checking) for (const body of literals(answer)) tally.octets(body);
	}

	async search(tally: Tally): Promise<void> {
		const answer = await this.answer('UID SEARCH ALL', tally);
		if (!tally.checking) return;
		const [, numbers = ''] = /\* SEARCH ([\d ]*)/.exec(answer.toString('latin1')) ?? [];
		tally.found(numbers.trim().split(' ').map(Number));
	}

	async flagAll(): Promise<void> {
		await this.command('UID STORE 1:* +FLAGS.SILENT (\\Flagged)');
		await this.command('UID STORE 1:* -FLAGS.SILENT (\\Flagged)');
	}

	async flagEach(count: number): Promise<void> {
		let text = '';
		for (let uid = 1; uid <= count; uid++) {
			text += `A${++this.tag} UID STORE ${uid} +FLAGS.SILENT (\\Flagged)\r\n`;
		}
		this.socket.write(text);
		await this.until(`A${this.tag} OK`);
	}

	async append(mailbox: string, messages: Buffer[], together: boolean): Promise<void> {
		const octets: (Buffer | string)[] = [];
		messages.forEach((message, index) => {
			const start = together && index > 0 ? '' : `A${++this.tag} APPEND ${mailbox}`;
			octets.push(`${start} {${message.length}+}\r\n`, message);
			if (!together || index === messages.length - 1) octets.push('\r\n');
		});
		this.socket.write(Buffer.concat(octets.map((part) => Buffer.from(part))));
		await this.until(`A${this.tag} OK`);
	}

	/** For the bench's own errands: runs one command whose answer must be OK. */
	async command(text: string): Promise<void> {
		this.socket.write(`A${++this.tag} ${text}\r\n`);
		await this.until(`A${this.tag} OK`);
	}

	/** What a command was answered; empty unless the client keeps it or checks. */
	private async answer(text: string, { checking }: Tally): Promise<Buffer> {
		this.checking = checking;
		await this.command(text);
		const answer = checking ? Buffer.concat(this.chunks) : Buffer.alloc(0);
		this.chunks = [];
		return answer;
	}

	private data(chunk: Buffer): void {
		if (this.keeping || this.checking) this.chunks.push(chunk);
		const { waiting } = this;
		const end = chunk.toString('latin1', Math.max(0, chunk.length - TAIL));
		this.tail = chunk.length >= TAIL ? end : (this.tail + end).slice(-TAIL);
		if (waiting && this.tail.includes(waiting.end) && this.tail.endsWith('\r\n')) {
			this.waiting = undefined;
			this.tail = '';
			waiting.done();
		} else if (/^A\d+ (NO|BAD)/m.test(end)) {
			throw new Error(`Refused: ${end}`);
		}
	}

	private until(end: string): Promise<void> {
		return new Promise((done) => (this.waiting = { end, done }));
	}
}

function* literals(answer: Buffer): Generator<Buffer> {
	for (let at = answer.indexOf('{'); at >= 0; at = answer.indexOf('{', at)) {
		const end = answer.indexOf('}\r\n', at);
		const size = Number(answer.toString('latin1', at + 1, end));
		if (!Number.isInteger(size))
			throw new Error('The answer holds no literal where one was expected');
		yield answer.subarray(end + 3, end + 3 + size);
		at = end + 3 + size;
	}
}
