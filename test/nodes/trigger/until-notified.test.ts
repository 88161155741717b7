/** One wait with NOTIFY (RFC 5465), without n8n: what the server is asked for, and what ends the wait. */
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { Imap4, MailboxStatus } from '../../../engine/index';
import type { Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import { canBeNotified, untilNotified } from '../../../nodes/Imap4MessageTrigger/wait-by-notify';
import type { MemoryServer } from '../../server';
import { startServer, USER } from '../start-server';
import { connected, settingsOf } from './one-mailbox';

const NAMES = ['INBOX', 'Work'];
const before = (mailbox: string, more: Partial<MailboxStatus> = {}): MailboxStatus => ({
	...{ mailbox, uidValidity: 1, uidNext: 5, messages: 4, highestModSeq: 7n },
	...more,
});

interface Wait {
	settings?: Partial<Settings>;
	known?: MailboxStatus[];
	names?: readonly string[];
	duration?: number;
	signal?: AbortSignal;
}

async function start() {
	const server = await startServer();
	server.account(USER).create('Work');
	const imap = await connected(server);
	const wait = async (options: Wait = {}): Promise<string> => {
		const { settings, known = NAMES.map((mailbox) => ({ mailbox })), names = NAMES } = options;
		const { duration = 3_000, signal = new AbortController().signal } = options;
		const byName = new Map(known.map((status) => [status.mailbox, status]));
		return untilNotified(imap, names, byName, settingsOf(settings), duration, signal);
	};
	return { server, imap, wait };
}

const commands = (server: MemoryServer, from = 0): string[] =>
	server.commands.slice(from).map(({ line }) => line);

/** The server answers NOTIFY with these reports, before its OK or after it, and gives NOTIFY up then. */
function answerNotify(server: MemoryServer, reports: string, place: 'before' | 'after'): void {
	const given = reports === '' ? '' : `* ${reports}\r\n`;
	server.faults.on = ({ tag, line }) => {
		if (!line.startsWith('NOTIFY SET')) return undefined;
		const [first, then] = place === 'before' ? [given, ''] : ['', given];
		return `${first}${tag} OK done\r\n${then}* OK [NOTIFICATIONOVERFLOW] no more\r\n`;
	};
}

describe('a server can be asked', () => {
	const offering = (...capabilities: string[]): Imap4 =>
		({ capabilities: new Set(capabilities) }) as unknown as Imap4;

	test('about two mailboxes or more, where it offers NOTIFY', () => {
		expect(canBeNotified(offering('NOTIFY'), NAMES)).toBe(true);
		expect(canBeNotified(offering('NOTIFY'), ['INBOX'])).toBe(false);
		expect(canBeNotified(offering('IDLE'), NAMES)).toBe(false);
	});

	test('unless their names take 30,000 characters, each with quotes and a space', () => {
		const named = (length: number): string[] => [
			...NAMES,
			'x'.repeat(length - 'INBOXWork'.length - 9),
		];
		expect(canBeNotified(offering('NOTIFY'), named(29_999))).toBe(true);
		expect(canBeNotified(offering('NOTIFY'), named(30_000))).toBe(false);
	});
});

describe('what is asked for', () => {
	test.each<[string, Partial<Settings>, string]>([
		[
			'new messages, and expunged ones, which NOTIFY knows together',
			{},
			'NOTIFY SET STATUS (mailboxes (INBOX Work) (MessageNew MessageExpunge))',
		],
		[
			'changed flags',
			{ event: 'flagsChanged' },
			'NOTIFY SET STATUS (mailboxes (INBOX Work) (MessageNew MessageExpunge FlagChange))',
		],
		[
			'mailboxes that come and go, where they are watched by a pattern',
			{ watched: { pattern: '*' } },
			'NOTIFY SET STATUS (mailboxes (INBOX Work) (MessageNew MessageExpunge)) (personal (MailboxName))',
		],
	])('%s', async (_title, settings, expected) => {
		const { server, wait } = await start();
		answerNotify(server, '', 'before');
		await wait({ settings });
		expect(commands(server).find((line) => line.startsWith('NOTIFY'))).toBe(expected);
	});

	test('with no mailbox open, and nothing once the wait is over', async () => {
		const { server, imap, wait } = await start();
		await imap.open('Work', { readOnly: true });
		const from = server.commands.length;
		expect(await wait({ duration: 1 })).toBe('waited');
		const sent = commands(server, from).filter((line) => line !== 'IDLE');
		expect(sent).toEqual(['UNSELECT', expect.stringContaining('NOTIFY SET'), 'NOTIFY NONE']);
	});
});

type Report = [title: string, report: string, known?: Partial<MailboxStatus>];
const NEWS: Report[] = [
	['another UIDNEXT', 'STATUS Work (UIDNEXT 6)'],
	['another UIDVALIDITY', 'STATUS Work (UIDVALIDITY 2 UIDNEXT 5)'],
	['INBOX, in whichever case', 'STATUS inbox (UIDNEXT 6)'],
];
const NO_NEWS: Report[] = [
	['the same', 'STATUS Work (UIDVALIDITY 1 UIDNEXT 5 MESSAGES 4 HIGHESTMODSEQ 7)'],
	['a mailbox that is not watched', 'STATUS Other (UIDNEXT 6)'],
	['nothing that can be compared', 'STATUS Work (UNSEEN 1)'],
	['a UIDNEXT that was unknown', 'STATUS Work (UIDNEXT 6)', { uidNext: undefined }],
];
const OTHER_NEWS: Report[] = [
	['another number of messages', 'STATUS Work (UIDNEXT 5 MESSAGES 3)'],
	['another HIGHESTMODSEQ', 'STATUS Work (UIDNEXT 5 HIGHESTMODSEQ 8)'],
];

describe.each(['before', 'after'] as const)('a report that comes %s the OK of NOTIFY', (place) => {
	const heard = place === 'before' ? 'behind' : 'waited';
	const outcome = async ([, report, more]: Report, event: Settings['event']): Promise<string> => {
		const { server, wait } = await start();
		answerNotify(server, report, place);
		const known = [before('INBOX'), before('Work', more), before('Other')];
		return wait({ settings: { event }, known });
	};

	test.each(NEWS)('ends the wait: %s', async (...report) => {
		expect(await outcome(report, 'messageReceived')).toBe(heard);
	});

	test.each([...NO_NEWS, ...OTHER_NEWS])('does not end it: %s', async (...report) => {
		expect(await outcome(report, 'messageReceived')).toBe('refused');
	});

	test.each([...NEWS, ...OTHER_NEWS])(
		'ends the wait for removed messages: %s',
		async (...report) => {
			expect(await outcome(report, 'messageRemoved')).toBe(heard);
		},
	);

	if (place === 'before') {
		test.each(NO_NEWS)('does not end the wait for removed messages: %s', async (...report) => {
			expect(await outcome(report, 'messageRemoved')).toBe('refused');
		});
	}

	test('of a mailbox that was not looked at does not end the wait', async () => {
		const { server, wait } = await start();
		answerNotify(server, 'STATUS Work (UIDNEXT 6)', place);
		expect(await wait({ known: [before('INBOX')] })).toBe('refused');
	});
});

describe('after the OK of NOTIFY', () => {
	test.each<[string, string, Settings['event'], string]>([
		['a new name of a mailbox ends the wait', 'LIST () "/" New', 'messageReceived', 'waited'],
		[
			'a report without counts ends the wait for changed flags',
			'STATUS Work (UNSEEN 1)',
			'flagsChanged',
			'waited',
		],
		['a report of another mailbox does not', 'STATUS Other (UNSEEN 1)', 'flagsChanged', 'refused'],
		['any other response does not', '3 EXISTS', 'flagsChanged', 'refused'],
	])('%s', async (_title, report, event, expected) => {
		const { server, wait } = await start();
		answerNotify(server, report, 'after');
		expect(await wait({ settings: { event } })).toBe(expected);
	});
});

test.each(['OK [ALERT] x', 'OK still here'])(
	'what else the server says does not end the wait: %s',
	async (text) => {
		const { server, wait } = await start();
		answerNotify(server, `${text}\r\n* STATUS Work (UIDNEXT 6)`, 'after');
		expect(await wait({ known: [before('Work')] })).toBe('waited');
	},
);

test('the wait lasts until the server reports', async () => {
	const { server, wait } = await start();
	let hasCome = false;
	server.faults.on = ({ line }) => {
		if (line === 'IDLE') {
			setTimeout(() => {
				hasCome = true;
				server.account(USER).mailbox('Work').append('Subject: x\r\n\r\n');
			}, 5);
		}
		return undefined;
	};
	const known = [{ mailbox: 'INBOX' }, { mailbox: 'Work', uidNext: 1 }];
	expect(await wait({ known, duration: 60_000 })).toBe('waited');
	expect(hasCome).toBe(true);
});

describe('the end of the poll', () => {
	test('ends the wait, and what the server reports', async () => {
		const { server, imap, wait } = await start();
		const controller = new AbortController();
		server.faults.on = ({ line }) => {
			if (line === 'IDLE') setImmediate(() => controller.abort());
			return undefined;
		};
		expect(await wait({ signal: controller.signal, duration: 60_000 })).toBe('waited');
		expect(commands(server).at(-1)).toBe('NOTIFY NONE');
		expect(imap.closedBy).toBeUndefined();
	});

	test('that came before the wait ends it too', async () => {
		const { server, wait } = await start();
		expect(await wait({ signal: AbortSignal.abort(), duration: 60_000 })).toBe('waited');
		expect(commands(server).at(-1)).toBe('NOTIFY NONE');
	});

	test('is not listened to any more once the wait is over', async () => {
		const { wait } = await start();
		const { signal } = new AbortController();
		await wait({ signal, duration: 1 });
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});
});

describe('a server', () => {
	const refusing = (server: MemoryServer, command: string, status = 'NO'): void => {
		server.faults.on = ({ tag, line }) =>
			line.startsWith(command) ? `${tag} ${status} not now\r\n` : undefined;
	};

	test('that refuses NOTIFY is not waited for', async () => {
		const { server, wait } = await start();
		refusing(server, 'NOTIFY SET');
		expect(await wait()).toBe('refused');
	});

	test('that refuses to end it fails no poll', async () => {
		const { server, wait } = await start();
		refusing(server, 'NOTIFY NONE', 'BAD');
		expect(await wait({ duration: 1 })).toBe('waited');
	});

	test('that is gone is an error', async () => {
		const { server, wait } = await start();
		server.faults.on = ({ line }) => (line.startsWith('NOTIFY') ? '* BYE gone\r\n' : undefined);
		await expect(wait()).rejects.toMatchObject({ name: 'Imap4AbortError' });
	});
});
