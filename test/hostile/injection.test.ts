/** Every argument of every command, given what would end the command: one command, or none. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SequenceNumber } from '../../engine/index';
import { Imap4, Imap4Error, SequenceSet, UidSet } from '../../engine/index';
import { nothingUnhandled } from '../engine/client/fake-transport';
import { HostileServer } from './hostile-server';
import { ALL_CAPABILITIES, flaw, oblige } from './obliging-server';
import { PAYLOADS } from './payloads';
import { OpenMailbox } from '../../engine/client/open-mailbox';
import { any, type Call, IMAPLIB, type Row } from './imaplib-rows';
import { SEVERAL_MAILBOXES } from './several-mailboxes-rows';

nothingUnhandled();

/** The method has no argument that reaches the wire. */
const NO_ARGUMENT = undefined;

const set = (text: string): string => text;
const drain = async (messages: AsyncIterable<unknown>): Promise<void> => {
	for await (const message of messages) void message;
};

/** One for each method of Imap4 and of an open mailbox; one that is missing fails the suite. */
const ROWS: Record<string, Row | typeof NO_ARGUMENT> = {
	capability: NO_ARGUMENT,
	noop: NO_ARGUMENT,
	getJmapAccess: NO_ARGUMENT,
	startTls: NO_ARGUMENT,
	logout: NO_ARGUMENT,
	destroy: NO_ARGUMENT,
	compress: NO_ARGUMENT,
	namespace: NO_ARGUMENT,
	check: NO_ARGUMENT,
	close: NO_ARGUMENT,
	checkWritable: NO_ARGUMENT,
	snapshot: NO_ARGUMENT,
	ref: NO_ARGUMENT,
	unref: NO_ARGUMENT,
	idle: NO_ARGUMENT,
	id: {
		sends: /^ID /,
		calls: {
			name: (imap, text) => imap.id({ [text]: 'x' }),
			value: (imap, text) => imap.id({ name: text }),
		},
	},
	login: {
		login: true,
		sends: /^LOGIN /,
		calls: {
			user: (imap, text) => imap.login(text, 'secret'),
			password: (imap, text) => imap.login('ann', text),
		},
	},
	logIn: {
		login: true,
		sends: /^AUTHENTICATE [A-Z0-9]+ /,
		calls: {
			user: (imap, text) => imap.logIn({ user: text, password: 'x', mechanism: 'PLAIN' }),
			actAs: (imap, text) => imap.logIn({ user: 'ann', password: 'x', actAs: text || 'x' }),
			token: (imap, text) => imap.logIn({ user: 'ann', accessToken: text }),
			'user of a token': (imap, text) => imap.logIn({ user: text, accessToken: 'x' }),
			external: (imap, text) => imap.logIn({ user: 'x', actAs: text, mechanism: 'EXTERNAL' }),
			mechanism: (imap, text) =>
				imap.logIn({ user: 'ann', password: 'x', mechanism: any(`PLAIN${text || '\r\n'}`) }),
		},
	},
	authenticate: {
		login: true,
		sends: /^AUTHENTICATE PLAIN/,
		calls: {
			mechanism: (imap, text) => imap.authenticate(`PLAIN ${text}`, () => 'x'),
			answer: (imap, text) => imap.authenticate('PLAIN', () => text),
			'initial answer': (imap, text) =>
				imap.authenticate('PLAIN', () => text, { clientFirst: true }),
		},
	},
	enable: {
		sends: /^ENABLE /,
		calls: { capability: (imap, text) => imap.enable(text) },
	},
	proxyauth: { sends: /^PROXYAUTH /, calls: { user: (imap, text) => imap.proxyauth(text) } },
	command: {
		sends: /^XFOO/,
		calls: {
			name: (imap, text) => imap.command(`XFOO${text}`),
			'second word': (imap, text) => imap.command(`XFOO ${text}`),
			argument: (imap, text) => imap.command('XFOO', [text]),
			list: (imap, text) => imap.command('XFOO', [[text, [text]], text]),
			octets: (imap, text) => imap.command('XFOO', [Buffer.from(text)]),
			'an argument that is none': (imap, text) => imap.command('XFOO', [any({ text } as never)]),
		},
	},
	getAcl: { sends: /^GETACL /, calls: { mailbox: (imap, text) => imap.getAcl(text) } },
	setAcl: {
		sends: /^SETACL /,
		calls: {
			mailbox: (imap, text) => imap.setAcl(text, 'bert', 'lr'),
			identifier: (imap, text) => imap.setAcl('INBOX', text, 'lr'),
			rights: (imap, text) => imap.setAcl('INBOX', 'bert', text),
		},
	},
	deleteAcl: {
		sends: /^DELETEACL /,
		calls: {
			mailbox: (imap, text) => imap.deleteAcl(text, 'bert'),
			identifier: (imap, text) => imap.deleteAcl('INBOX', text),
		},
	},
	myRights: { sends: /^MYRIGHTS /, calls: { mailbox: (imap, text) => imap.myRights(text) } },
	listRights: {
		sends: /^LISTRIGHTS /,
		calls: {
			mailbox: (imap, text) => imap.listRights(text, 'bert'),
			identifier: (imap, text) => imap.listRights('INBOX', text),
		},
	},
	getQuota: { sends: /^GETQUOTA /, calls: { root: (imap, text) => imap.getQuota(text) } },
	getQuotaRoot: {
		sends: /^GETQUOTAROOT /,
		calls: { mailbox: (imap, text) => imap.getQuotaRoot(text) },
	},
	setQuota: {
		sends: /^SETQUOTA /,
		calls: {
			root: (imap, text) => imap.setQuota(text, { STORAGE: 1 }),
			resource: (imap, text) => imap.setQuota('', { [text]: 1 }),
			limit: (imap, text) => imap.setQuota('', { STORAGE: any(text) }),
		},
	},
	getAnnotation: {
		sends: /^GETANNOTATION /,
		calls: {
			mailbox: (imap, text) => imap.getAnnotation(text, '/comment', 'value'),
			entry: (imap, text) => imap.getAnnotation('INBOX', text, 'value'),
			entries: (imap, text) => imap.getAnnotation('INBOX', [text, text], 'value'),
			attribute: (imap, text) => imap.getAnnotation('INBOX', '/comment', text),
		},
	},
	setAnnotation: {
		sends: /^SETANNOTATION /,
		calls: {
			mailbox: (imap, text) => imap.setAnnotation(text, '/comment', { 'value.priv': 'x' }),
			entry: (imap, text) => imap.setAnnotation('INBOX', text, { 'value.priv': 'x' }),
			attribute: (imap, text) => imap.setAnnotation('INBOX', '/comment', { [text]: 'x' }),
			value: (imap, text) => imap.setAnnotation('INBOX', '/comment', { 'value.priv': text }),
		},
	},
	getMetadata: {
		sends: /^GETMETADATA /,
		calls: {
			mailbox: (imap, text) => imap.getMetadata(text, '/private/comment'),
			entry: (imap, text) => imap.getMetadata('INBOX', text),
			'end of an entry': (imap, text) => imap.getMetadata('INBOX', `/private/${text}`),
			depth: (imap, text) => imap.getMetadata('INBOX', '/private/x', { depth: any(text) }),
			maxSize: (imap, text) => imap.getMetadata('INBOX', '/private/x', { maxSize: any(text) }),
		},
	},
	setMetadata: {
		sends: /^SETMETADATA /,
		calls: {
			mailbox: (imap, text) => imap.setMetadata(text, { '/private/comment': 'x' }),
			entry: (imap, text) => imap.setMetadata('INBOX', { [text]: 'x' }),
			'end of an entry': (imap, text) => imap.setMetadata('INBOX', { [`/private/${text}`]: 'x' }),
			value: (imap, text) => imap.setMetadata('INBOX', { '/private/comment': text }),
		},
	},
	open: {
		sends: /^(SELECT|EXAMINE) /,
		calls: {
			mailbox: (imap, text) => imap.open(text),
			'mailbox to read': (imap, text) => imap.open(text, { readOnly: true }),
			modSeq: (imap, text) => imap.open('A', { qresync: { uidValidity: 1, modSeq: any(text) } }),
			uidValidity: (imap, text) =>
				imap.open('A', { qresync: { uidValidity: any(text), modSeq: 1n } }),
			knownUids: (imap, text) =>
				imap.open('A', { qresync: { uidValidity: 1, modSeq: 1n, knownUids: set(text) } }),
		},
	},
	createMailbox: {
		sends: /^CREATE /,
		calls: {
			mailbox: (imap, text) => imap.createMailbox(text),
			specialUse: (imap, text) => imap.createMailbox('A', { specialUse: [text] }),
			'end of a special use': (imap, text) =>
				imap.createMailbox('A', { specialUse: [`\\A${text}`] }),
		},
	},
	deleteMailbox: {
		sends: /^DELETE /,
		calls: { mailbox: (imap, text) => imap.deleteMailbox(text) },
	},
	renameMailbox: {
		sends: /^RENAME /,
		calls: {
			from: (imap, text) => imap.renameMailbox(text, 'B'),
			to: (imap, text) => imap.renameMailbox('A', text),
		},
	},
	subscribe: { sends: /^SUBSCRIBE /, calls: { mailbox: (imap, text) => imap.subscribe(text) } },
	unsubscribe: {
		sends: /^UNSUBSCRIBE /,
		calls: { mailbox: (imap, text) => imap.unsubscribe(text) },
	},
	list: {
		sends: /^LIST /,
		calls: {
			reference: (imap, text) => imap.list(text),
			pattern: (imap, text) => imap.list('', text),
			patterns: (imap, text) => imap.list('', [text, `${text}%`]),
			status: (imap, text) => imap.list('', '*', { status: [any(text)] }),
		},
	},
	lsub: {
		sends: /^LSUB /,
		calls: {
			reference: (imap, text) => imap.lsub(text),
			pattern: (imap, text) => imap.lsub('', text),
		},
	},
	status: {
		sends: /^STATUS /,
		calls: {
			mailbox: (imap, text) => imap.status(text, ['messages']),
			item: (imap, text) => imap.status('INBOX', [any(text)]),
		},
	},
	...SEVERAL_MAILBOXES,
	append: {
		sends: /^APPEND /,
		calls: {
			mailbox: (imap, text) => imap.append(text, 'x'),
			flag: (imap, text) => imap.append('A', 'x', { flags: [text] }),
			'end of a flag': (imap, text) => imap.append('A', 'x', { flags: [`\\Seen${text}`] }),
			message: (imap, text) => imap.append('A', text),
			date: (imap, text) => imap.append('A', 'x', { date: any(text) }),
			dateOffset: (imap, text) =>
				imap.append('A', 'x', { date: new Date(0), dateOffset: any(text) }),
			size: (imap, text) => imap.append('A', 'x', { size: any(text) }),
		},
	},
	appendAll: {
		sends: /^APPEND /,
		calls: {
			mailbox: (imap, text) => imap.appendAll(text, [{ message: 'x' }, { message: 'y' }]),
			messages: (imap, text) =>
				imap.appendAll('A', [{ message: text, flags: ['\\Seen'] }, { message: text }]),
		},
	},
	replace: {
		sends: /^REPLACE /,
		calls: {
			number: (imap, text) =>
				imap.selected.bySequenceNumber.replace(any(text), 'A', { message: 'x' }),
			mailbox: (imap, text) =>
				imap.selected.bySequenceNumber.replace(1 as SequenceNumber, text, { message: 'x' }),
			flag: (imap, text) =>
				imap.selected.bySequenceNumber.replace(1 as SequenceNumber, 'A', {
					message: 'x',
					flags: [text],
				}),
		},
	},
	search: {
		sends: /^(UID )?SEARCH /,
		calls: {
			...Object.fromEntries(
				['from', 'to', 'cc', 'bcc', 'subject', 'body', 'text', 'gmailRaw', 'gmailLabel'].map(
					(key): [string, Call] => [
						key,
						(imap, text) => imap.selected.bySequenceNumber.search({ [key]: text }),
					],
				),
			),
			...Object.fromEntries(
				['since', 'before', 'on', 'sentSince', 'larger', 'younger', 'modSeq', 'gmailMessageId'].map(
					(key): [string, Call] => [
						key,
						(imap, text) => imap.selected.bySequenceNumber.search({ [key]: text }),
					],
				),
			),
			keyword: (imap, text) => imap.selected.bySequenceNumber.search({ keyword: text }),
			notKeyword: (imap, text) =>
				imap.selected.bySequenceNumber.search({ notKeyword: ['a', text] }),
			'name of a header field': (imap, text) =>
				imap.selected.bySequenceNumber.search({ header: { [text]: 'x' } }),
			'content of a header field': (imap, text) =>
				imap.selected.bySequenceNumber.search({ header: { 'Message-ID': text } }),
			uid: (imap, text) => imap.selected.search({ uid: set(text) }),
			seq: (imap, text) => imap.selected.bySequenceNumber.search({ seq: set(text) }),
			key: (imap, text) => imap.selected.bySequenceNumber.search({ [text || 'x']: true }),
			nested: (imap, text) =>
				imap.selected.bySequenceNumber.search({
					or: [{ from: text }, { not: { and: [{ to: text }, { cc: text }] } }],
				}),
		},
	},
	searchReturning: {
		sends: /^SEARCH RETURN /,
		calls: {
			query: (imap, text) =>
				imap.selected.bySequenceNumber.searchReturning({ subject: text }, ['all']),
			wanted: (imap, text) => imap.selected.bySequenceNumber.searchReturning({}, [any(text)]),
			partial: (imap, text) =>
				imap.selected.bySequenceNumber.searchReturning({}, [{ partial: [any(text), 2] }]),
		},
	},
	sortReturning: {
		sends: /^SORT RETURN /,
		calls: {
			query: (imap, text) =>
				imap.selected.bySequenceNumber.sortReturning(['DATE'], { subject: text }, ['all']),
			criterion: (imap, text) =>
				imap.selected.bySequenceNumber.sortReturning([any(text)], {}, ['all']),
		},
	},
	sort: {
		sends: /^SORT /,
		calls: {
			criterion: (imap, text) => imap.selected.bySequenceNumber.sort([any(text)]),
			query: (imap, text) => imap.selected.bySequenceNumber.sort(['DATE'], { subject: text }),
			charset: (imap, text) => imap.selected.bySequenceNumber.sort(['DATE'], {}, { charset: text }),
		},
	},
	thread: {
		sends: /^THREAD /,
		calls: {
			algorithm: (imap, text) => imap.selected.bySequenceNumber.thread(any(text)),
			query: (imap, text) => imap.selected.bySequenceNumber.thread('REFERENCES', { subject: text }),
			charset: (imap, text) =>
				imap.selected.bySequenceNumber.thread('REFERENCES', {}, { charset: text }),
		},
	},
	fetch: {
		sends: /^(UID )?FETCH /,
		calls: {
			set: (imap, text) =>
				drain(imap.selected.bySequenceNumber.fetch(SequenceSet.from(set(text)), { flags: true })),
			section: (imap, text) =>
				drain(
					imap.selected.bySequenceNumber.fetch(SequenceSet.from(1), { body: [{ section: text }] }),
				),
			'end of a section': (imap, text) =>
				drain(
					imap.selected.bySequenceNumber.fetch(SequenceSet.from(1), {
						body: [{ section: `1.${text}` }],
					}),
				),
			'header field': (imap, text) =>
				drain(
					imap.selected.bySequenceNumber.fetch(SequenceSet.from(1), {
						body: [{ section: 'HEADER.FIELDS', fields: ['From', text] }],
					}),
				),
			octets: (imap, text) =>
				drain(
					imap.selected.bySequenceNumber.fetch(SequenceSet.from(1), {
						body: [{ partial: { start: any(text), length: 1 } }],
					}),
				),
			changedSince: (imap, text) =>
				drain(
					imap.selected.bySequenceNumber.fetch(
						SequenceSet.from(1),
						{ flags: true },
						{ changedSince: any(text) },
					),
				),
			partial: (imap, text) =>
				drain(imap.selected.fetch('1:*', { flags: true }, { partial: [any(text), 2] })),
		},
	},
	store: {
		sends: /^STORE /,
		calls: {
			set: (imap, text) =>
				imap.selected.bySequenceNumber.store(SequenceSet.from(set(text)), '+FLAGS', ['\\Seen']),
			action: (imap, text) =>
				imap.selected.bySequenceNumber.store(SequenceSet.from(1), any(text), ['\\Seen']),
			flag: (imap, text) =>
				imap.selected.bySequenceNumber.store(SequenceSet.from(1), '+FLAGS', ['\\Seen', text]),
			'end of a flag': (imap, text) =>
				imap.selected.bySequenceNumber.store(SequenceSet.from(1), '+FLAGS', [`\\Seen${text}`]),
			label: (imap, text) =>
				imap.selected.bySequenceNumber.store(SequenceSet.from(1), '+X-GM-LABELS', [text]),
			unchangedSince: (imap, text) =>
				imap.selected.bySequenceNumber.store(SequenceSet.from(1), '+FLAGS', ['\\Seen'], {
					unchangedSince: any(text),
				}),
		},
	},
	copy: {
		sends: /^COPY /,
		calls: {
			set: (imap, text) => imap.selected.bySequenceNumber.copy(SequenceSet.from(set(text)), 'A'),
			mailbox: (imap, text) => imap.selected.bySequenceNumber.copy(SequenceSet.from(1), text),
		},
	},
	move: {
		sends: /^MOVE /,
		calls: {
			set: (imap, text) => imap.selected.bySequenceNumber.move(SequenceSet.from(set(text)), 'A'),
			mailbox: (imap, text) => imap.selected.bySequenceNumber.move(SequenceSet.from(1), text),
		},
	},
	expunge: {
		sends: /^UID EXPUNGE /,
		calls: { uids: (imap, text) => imap.selected.expunge(UidSet.from(set(text))) },
	},
};

let server: HostileServer;
const log: string[] = [];
let greeting = '';

const open = async (words: string): Promise<Imap4> => {
	greeting = words;
	const { port } = server;
	return Imap4.connect({ host: '127.0.0.1', port, security: 'none', timeouts: { command: 9000 } });
};

beforeAll(async () => {
	server = await HostileServer.start((end) => oblige(end, greeting, log));
});
afterAll(() => server.stop());

test('there is a row for every method', () => {
	const methods = new Set<string>();
	for (const first of [Imap4.prototype, OpenMailbox.prototype]) {
		for (
			let face = first as object;
			face !== Object.prototype;
			face = Object.getPrototypeOf(face) as object
		) {
			for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(face)))
				if (typeof value === 'function' && name !== 'constructor') methods.add(name);
		}
	}
	// `private` in TypeScript is public in JavaScript; these take what the public ones have checked.
	for (const inner of ['run', 'parts', 'setOf']) methods.delete(inner);
	expect([...methods].filter((name) => !(name in ROWS))).toEqual([]);
	expect(Object.keys(ROWS).filter((name) => !methods.has(name))).toEqual([]);
});

/** Commands that a method sends of itself, whatever it was given. */
const OF_ITSELF = /^(CAPABILITY|NOOP)$/;

for (const [method, row] of Object.entries({ ...ROWS, ...IMAPLIB })) {
	if (!row) continue;
	describe(method, () => {
		test.each(Object.entries(row.calls))('%s', async (_argument, call) => {
			const ready = async (): Promise<Imap4> => {
				if (row.login) return open(`* OK [CAPABILITY ${ALL_CAPABILITIES}] hi`);
				const imap = await open(`* PREAUTH [CAPABILITY ${ALL_CAPABILITIES}] hi`);
				await imap.open();
				return imap;
			};
			let imap = await ready();
			const states = ['authenticated', 'selected'];
			for (const [name, text] of Object.entries(PAYLOADS)) {
				if (
					imap.closedBy ||
					(row.login ? imap.state !== 'not authenticated' : imap.state !== 'selected')
				) {
					imap.destroy();
					imap = await ready();
				}
				log.length = 0;
				let error: unknown;
				try {
					await call(imap, text);
				} catch (thrown) {
					error = thrown;
				}
				// Whatever was smuggled in would be answered before this, or swallow it.
				await imap.noop();
				const [last] = log.splice(-1);
				expect(last, name).toMatch(/^[A-P]{4}\d+ NOOP$/);
				const sent = log.map((command) => command.replace(/^[A-P]{4}\d+ /, ''));
				const own = sent.filter((command) => !OF_ITSELF.test(command));
				expect(own.length, `${name}: ${own.join(' | ').slice(0, 300)}`).toBeLessThan(2);
				for (const command of own) {
					expect(command.slice(0, 100), name).toMatch(row.sends);
					const [line = '', answer = ''] = command.split('\n');
					expect(flaw(line), `${name}: ${line.slice(0, 300)}`).toBeUndefined();
					expect(answer, name).toMatch(/^[A-Za-z0-9+/=*]*$/);
				}
				if (own.length === 0) expect(error, name).toBeInstanceOf(Imap4Error);
				else if (error) expect(error, name).toBeInstanceOf(Imap4Error);
				expect(imap.closedBy, name).toBeUndefined();
				expect([...states, 'not authenticated']).toContain(imap.state);
			}
			imap.destroy();
		});
	});
}
