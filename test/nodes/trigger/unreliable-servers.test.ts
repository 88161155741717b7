/** Servers whose figures of a mailbox are wrong: no message may be lost for them. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mail, startServer, USER } from '../run-node';
import { Poller, type PollerOptions } from './poller';

async function start(parameters: PollerOptions['parameters'] = {}) {
	const server = await startServer();
	const account = server.account(USER);
	const inbox = account.mailbox('INBOX');
	for (const name of ['one', 'two', 'three']) inbox.append(mail(name));
	const poller = new Poller({ server, parameters });
	const rewrite = (from: RegExp, to: (digits: string) => string): void => {
		server.faults.rewrite = (octets) =>
			Buffer.from(
				octets.toString('latin1').replace(from, (_all, digits: string) => to(digits)),
				'latin1',
			);
	};
	return { server, account, inbox, poller, rewrite };
}

describe.each<[string, PollerOptions['parameters'], string[]]>([
	['one mailbox', {}, ['four', 'five', 'six']],
	['a pattern', { watch: 'pattern', pattern: '*' }, ['four', 'five', 'six']],
])('UIDNEXT that is not true, %s', (_name, parameters, names) => {
	test.each<[string, (digits: string) => number]>([
		['one too low', (digits) => Number(digits) - 1],
		['always the same', () => 4],
		['always 1', () => 1],
		['always 0', () => 0],
	])('%s', async (_what, wrong) => {
		const { inbox, poller, rewrite } = await start(parameters);
		rewrite(/UIDNEXT (\d+)/g, (digits) => `UIDNEXT ${wrong(digits)}`);
		expect(await poller.poll()).toEqual([]);
		for (const name of names) {
			inbox.append(mail(name));
			expect(await poller.subjects()).toEqual([name]);
			expect(await poller.poll()).toEqual([]);
		}
	});
});

test.each(['*', '%'])(
	'a list without any mailbox is an error, and no old message is new after it: %s',
	async (pattern) => {
		const { server, inbox, poller } = await start({ watch: 'pattern', pattern });
		server.faults.on = ({ tag, line }) =>
			line.startsWith('LIST') ? `${tag} OK done\r\n` : undefined;
		await expect(poller.poll()).rejects.toThrow('The server lists no mailbox, not even INBOX');
		server.faults.on = undefined;
		expect(await poller.poll()).toEqual([]);
		inbox.append(mail('four'));
		expect(await poller.subjects()).toEqual(['four']);
	},
);

test('a pattern that no mailbox matches yet is not an error', async () => {
	const { poller } = await start({ watch: 'pattern', pattern: 'Projects/*' });
	expect(await poller.poll()).toEqual([]);
});

describe('a UIDVALIDITY that differs between STATUS and SELECT', () => {
	const parameters = { watch: 'pattern', pattern: '*' };
	const inStatus = /UIDVALIDITY (\d+)(?=[ )])/g;

	test('always: nothing is lost, and nothing comes twice', async () => {
		const { inbox, poller, rewrite } = await start(parameters);
		rewrite(inStatus, () => 'UIDVALIDITY 99');
		expect(await poller.poll()).toEqual([]);
		for (const name of ['four', 'five', 'six']) {
			inbox.append(mail(name));
			expect(await poller.subjects()).toEqual([name]);
			expect(await poller.poll()).toEqual([]);
		}
	});

	test('since the mailbox was created again in between: it is another mailbox', async () => {
		const { server, account, poller } = await start({
			...parameters,
			options: { onRenumbered: 'rescan' },
		});
		account.create('Log').append(mail('old'));
		expect(await poller.poll()).toEqual([]);
		const before = account.mailbox('Log').uidValidity;
		account.delete('Log');
		account.create('Log').append(mail('new'));
		const ROW = /\* STATUS "?Log"? \([^)]*\)/;
		let isFirst = true;
		server.faults.rewrite = (octets) => {
			const text = octets.toString('latin1');
			if (!isFirst || !ROW.test(text)) return octets;
			isFirst = false;
			const figures = `* STATUS Log (UIDNEXT 9 UIDVALIDITY ${before} MESSAGES 1)`;
			return Buffer.from(text.replace(ROW, figures), 'latin1');
		};
		expect(await poller.subjects()).toEqual(['new']);
		expect(isFirst).toBe(false);
	});
});

test.each([
	['for ever', true],
	['once', false],
])('UIDNEXT far above the UIDs there are, %s', async (_name, forEver) => {
	const { server, inbox, poller, rewrite } = await start();
	rewrite(/UIDNEXT (\d+)/g, () => 'UIDNEXT 4294967295');
	expect(await poller.poll()).toEqual([]);
	if (!forEver) server.faults.rewrite = undefined;
	for (const name of ['four', 'five']) {
		inbox.append(mail(name));
		expect(await poller.subjects()).toEqual([name]);
	}
});

test('a UIDNEXT that is true again: UIDs that went back are noticed as before', async () => {
	const { server, inbox, poller, rewrite } = await start({ options: { onRenumbered: 'fail' } });
	expect(await poller.poll()).toEqual([]);
	inbox.append(mail('four'));
	expect(await poller.subjects()).toEqual(['four']);
	inbox.remove(new Set(inbox.messages.slice(2)));
	rewrite(/UIDNEXT (\d+)/g, () => 'UIDNEXT 3');
	await expect(poller.poll()).rejects.toThrow(/UIDVALIDITY/);
	server.faults.rewrite = undefined;
});

describe('a UIDVALIDITY that changes in every poll', () => {
	test('is an error from the third time on, until it stays the same', async () => {
		const { inbox, poller, rewrite } = await start();
		let count = 100;
		rewrite(/UIDVALIDITY (\d+)/g, () => `UIDVALIDITY ${count}`);
		expect(await poller.poll()).toEqual([]);
		for (let polls = 1; polls <= 4; polls++) {
			count++;
			inbox.append(mail(`lost ${polls}`));
			const polling = poller.subjects();
			if (polls < 3) expect(await polling).toEqual([]);
			else await expect(polling).rejects.toThrow(/changes in every poll/);
		}
		inbox.append(mail('found'));
		expect(await poller.subjects()).toEqual(['found']);
	});

	test('is none where messages are compared by Message-ID: each comes once', async () => {
		const { inbox, poller, rewrite } = await start({ options: { onRenumbered: 'rescan' } });
		let count = 100;
		rewrite(/UIDVALIDITY (\d+)/g, () => `UIDVALIDITY ${count}`);
		expect(await poller.poll()).toEqual([]);
		for (const name of ['four', 'five', 'six', 'seven']) {
			count++;
			inbox.append(mail(name));
			expect(await poller.subjects()).toEqual([name]);
		}
	});
});

test.each<[string, PollerOptions['parameters']]>([
	['one mailbox', {}],
	['a pattern', { watch: 'pattern', pattern: '*' }],
])('a SEARCH that leaves out a message before the last, %s', async (_name, parameters) => {
	const { server, inbox, poller } = await start(parameters);
	expect(await poller.poll()).toEqual([]);
	server.faults.rewrite = (octets) => {
		const text = octets.toString('latin1');
		return Buffer.from(text.replace(/(\* ESEARCH .* ALL )\d+:(\d+)/, '$1$2'), 'latin1');
	};
	for (const names of [
		['four', 'five'],
		['six', 'seven', 'eight'],
	]) {
		for (const name of names) inbox.append(mail(name));
		expect(await poller.subjects()).toEqual(names);
		expect(await poller.poll()).toEqual([]);
	}
});

test('a SEARCH that leaves out a message while old ones are to be delivered', async () => {
	const { poller, rewrite } = await start({ options: { includeExisting: true } });
	rewrite(/(?<=\* ESEARCH .* ALL )(1:3)/g, () => '1,3');
	expect(await poller.subjects()).toEqual(['one', 'two', 'three']);
});

test.each(['NO', 'BAD'])('a CHECK that is answered %s', async (status) => {
	const { server, inbox, poller } = await start();
	server.faults.on = ({ tag, line }) =>
		line === 'CHECK' ? `${tag} ${status} CHECK\r\n` : undefined;
	expect(await poller.poll()).toEqual([]);
	inbox.append(mail('four'));
	expect(await poller.subjects()).toEqual(['four']);
});

test('a STATUS that names the mailbox in other letters', async () => {
	const { account, inbox, poller, rewrite } = await start({ watch: 'pattern', pattern: '*' });
	const lists = account.create('Lists');
	rewrite(/\* STATUS "?(Lists|INBOX)"?/g, (name) => `* STATUS "${name.toLowerCase()}"`);
	expect(await poller.poll()).toEqual([]);
	lists.append(mail('in Lists'));
	inbox.append(mail('in INBOX'));
	expect((await poller.subjects()).toSorted()).toEqual(['in INBOX', 'in Lists']);
});

test('a STATUS that never comes: the mailbox is opened', async () => {
	const { account, poller, rewrite } = await start({ watch: 'pattern', pattern: '*' });
	const lists = account.create('Lists');
	rewrite(/\* STATUS "?Lists"? .*\r\n/g, () => '');
	expect(await poller.poll()).toEqual([]);
	lists.append(mail('in Lists'));
	expect(await poller.subjects()).toEqual(['in Lists']);
	expect(await poller.poll()).toEqual([]);
});

describe('a clock that is set back', () => {
	afterEach(() => void vi.restoreAllMocks());

	test('what is not acknowledged is redelivered in time all the same', async () => {
		const { inbox, poller } = await start({ delivery: 'acknowledged', againAfter: 10 });
		await poller.poll();
		inbox.append(mail('four'));
		expect(await poller.subjects()).toEqual(['four']);
		let now = Date.now() - 365 * 24 * 3_600_000;
		vi.spyOn(Date, 'now').mockImplementation(() => now);
		expect(await poller.subjects()).toEqual([]);
		now += 11 * 60_000;
		expect(await poller.subjects()).toEqual(['four']);
	});
});
