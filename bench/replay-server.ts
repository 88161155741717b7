/**
 * An IMAP server that answers from memory, so that the client is what is measured: it keeps whole
 * answers ready and writes them at once. It knows what the workloads need and nothing else. It
 * prints the port it listens on. Who logs in as `pieces-<smallest>-<largest>` gets answers in
 * pieces of so many octets.
 */
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { MailboxPlan } from './corpus';
import { corpusMessage, mailboxes } from './corpus';
import { PieceWriter } from './piece-writer';

const HOST = '127.0.0.1';
/** No ESEARCH: its short answers would leave nothing to read. */
const CAPABILITIES =
	'IMAP4rev1 SASL-IR LITERAL+ UIDPLUS MULTIAPPEND UNSELECT ID ENABLE NAMESPACE MOVE AUTH=PLAIN';

const answers = new Map<string, Buffer[]>();
const texts = new Map<string, Buffer>();

/** All messages of a mailbox, as the answer to FETCH of these items. */
function fetched(plan: MailboxPlan, items: string): Buffer[] {
	const key = `${plan.name} ${items}`;
	const known = answers.get(key);
	if (known) return known;
	const parts: Buffer[] = [];
	for (let number = 1; number <= plan.messages; number++) {
		const message = corpusMessage(plan, number);
		const values: Record<string, string> = {
			UID: String(number),
			FLAGS: '(\\Seen)',
			INTERNALDATE: `"${String(1 + (number % 28)).padStart(2, ' ')}-Nov-2026 09:15:00 +0000"`,
			'RFC822.SIZE': String(message.octets.length),
			ENVELOPE: message.envelope,
			BODYSTRUCTURE: message.structure,
		};
		const known = items.split(' ').filter((item) => item in values);
		const line = `* ${number} FETCH (${known.map((item) => `${item} ${values[item]}`).join(' ')}`;
		if (items.includes('BODY.PEEK[]')) {
			parts.push(Buffer.from(`${line} BODY[] {${message.octets.length}}\r\n`), message.octets);
			parts.push(Buffer.from(')\r\n'));
		} else parts.push(Buffer.from(`${line})\r\n`));
	}
	const size = parts.reduce((sum, { length }) => sum + length, 0);
	const answer = size < 20_000_000 ? [Buffer.concat(parts)] : parts;
	answers.set(key, answer);
	return answer;
}

/** `BODY.PEEK[]<start.length>` of the first message, which is never kept ready. */
function piece(plan: MailboxPlan, start: number, length: number): Buffer {
	const text = texts.get(plan.name) ?? corpusMessage(plan, 1).octets;
	texts.set(plan.name, text);
	const octets = text.subarray(start, start + length);
	const head = `* 1 FETCH (UID 1 BODY[]<${start}> {${octets.length}}\r\n`;
	return Buffer.concat([Buffer.from(head), octets, Buffer.from(')\r\n')]);
}

class Connection {
	private pending: Buffer = Buffer.alloc(0);
	/** Octets of a literal that is being thrown away. */
	private literal = 0;
	private command = '';
	private selected: MailboxPlan | undefined;
	private pieces: PieceWriter | undefined;

	constructor(private readonly socket: Socket) {
		socket.setNoDelay(true);
		socket.on('error', () => undefined);
		socket.on('data', (chunk) => this.data(chunk));
		socket.write(`* OK [CAPABILITY ${CAPABILITIES}] ready\r\n`);
	}

	private data(chunk: Buffer): void {
		let rest = this.pending.length > 0 ? Buffer.concat([this.pending, chunk]) : chunk;
		for (;;) {
			const skipped = Math.min(this.literal, rest.length);
			this.literal -= skipped;
			rest = rest.subarray(skipped);
			const end = this.literal > 0 ? -1 : rest.indexOf('\r\n');
			if (end < 0) break;
			this.line(rest.toString('latin1', 0, end));
			rest = rest.subarray(end + 2);
		}
		this.pending = rest;
	}

	private line(text: string): void {
		this.command += text;
		const [, size, plus] = /\{(\d+)(\+?)\}$/.exec(text) ?? [];
		if (size !== undefined) {
			this.literal = Number(size);
			if (!plus) this.socket.write('+ go on\r\n');
			return;
		}
		const { command } = this;
		this.command = '';
		const [, tag = '', name = '', args = ''] = /^(\S+) ((?:UID )?\S+) ?(.*)$/i.exec(command) ?? [];
		this.answer(tag, name.toUpperCase(), args);
	}

	private answer(tag: string, name: string, args: string): void {
		let code = '';
		switch (name) {
			case 'LOGIN':
			case 'AUTHENTICATE':
				this.logIn(name === 'LOGIN' ? args : Buffer.from(args.slice(6), 'base64').toString());
				code = `[CAPABILITY ${CAPABILITIES}] `;
				break;
			case 'CAPABILITY':
				this.socket.write(`* CAPABILITY ${CAPABILITIES}\r\n`);
				break;
			case 'NAMESPACE':
				this.socket.write('* NAMESPACE (("" "/")) NIL NIL\r\n');
				break;
			case 'LIST':
			case 'LSUB':
				this.socket.write(`* ${name} () "/" ${args.split(' ').at(-1)}\r\n`);
				break;
			case 'SELECT':
			case 'EXAMINE':
				this.select(args.replace(/^"|"$/g, ''));
				code = '[READ-WRITE] ';
				break;
			case 'UID SEARCH':
				this.socket.write(this.found());
				break;
			case 'UID FETCH':
				this.fetch(args);
				break;
			case 'UID STORE':
				if (!args.includes('SILENT')) this.write(this.stored(args));
				break;
			case 'LOGOUT':
				this.socket.end(`* BYE\r\n${tag} OK bye\r\n`);
				return;
			default:
		}
		this.write([Buffer.from(`${tag} OK ${code}done\r\n`)]);
	}

	private logIn(who: string): void {
		const [, smallest, largest] = /pieces-(\d+)-(\d+)/.exec(who) ?? [];
		if (smallest && largest) {
			this.pieces = new PieceWriter(this.socket, Number(smallest), Number(largest));
		}
	}

	private select(name: string): void {
		this.selected = mailboxes.find((plan) => plan.name === name);
		const { messages = 0 } = this.selected ?? {};
		this.socket.write(
			`* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] all\r\n* ${messages} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] valid\r\n* OK [UIDNEXT ${messages + 1}] next\r\n`,
		);
	}

	private found(): Buffer {
		const { name = '', messages = 0 } = this.selected ?? {};
		const key = `${name} SEARCH`;
		const known = texts.get(key);
		if (known) return known;
		const uids = Array.from({ length: messages }, (_, index) => index + 1);
		const answer = Buffer.from(`* SEARCH ${uids.join(' ')}\r\n`);
		texts.set(key, answer);
		return answer;
	}

	private fetch(args: string): void {
		if (!this.selected) return;
		const [, start, length] = /BODY\.PEEK\[\]<(\d+)\.(\d+)>/.exec(args) ?? [];
		if (start && length) this.write([piece(this.selected, Number(start), Number(length))]);
		else this.write(fetched(this.selected, args.replace(/^\S+ /, '').replace(/[()]/g, '')));
	}

	private stored(args: string): Buffer[] {
		if (!this.selected) return [];
		const [first = 1, last = first] = (args.split(' ')[0] ?? '')
			.split(':')
			.map((end) => (end === '*' ? (this.selected?.messages ?? 1) : Number(end)));
		let text = '';
		for (let uid = first; uid <= last; uid++) {
			text += `* ${uid} FETCH (UID ${uid} FLAGS (${args.includes('+') ? '\\Flagged ' : ''}\\Seen))\r\n`;
		}
		return [Buffer.from(text)];
	}

	private write(parts: Buffer[]): void {
		if (this.pieces) this.pieces.write(parts);
		else for (const part of parts) this.socket.write(part);
	}
}

const server = createServer((socket) => new Connection(socket));
server.listen(0, HOST, () => console.log((server.address() as AddressInfo).port));
