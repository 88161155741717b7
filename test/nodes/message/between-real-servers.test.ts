/** Move to Another Account from Dovecot to Cyrus, stopped or killed at random moments and started again. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { Imap4 } from '../../../engine/index';
import { servers, type ServerUnderTest, type TestAccount } from '../../conformance/servers';
import { box, jsonOf, runToEnd, type NodeRunOptions } from '../run-node';

/** By hand with more: `MOVED=10000 KILLS=20 npx vitest run between-real-servers`. */
const COUNT = Number(process.env.MOVED ?? 1500);
const STOPS = 8;
const KILLS = Number(process.env.KILLS ?? 3);
const [dovecot, cyrus] = (['Dovecot', 'Cyrus'] as const).map((wanted) =>
	servers.find(({ name }) => name === wanted),
);
const missing = dovecot?.missing ?? cyrus?.missing;
if (missing !== undefined) console.log(`Left out: Dovecot to Cyrus, because ${missing}`);

const connect = (server: ServerUnderTest, auth: TestAccount): Promise<Imap4> =>
	Imap4.connect({ host: server.host, port: server.port('none'), security: 'none', auth });

const letter = (n: number): string =>
	[
		`From: b${n}@example.org`,
		`Subject: letter ${n}`,
		...(n % 10 === 0 ? [] : [`Message-ID: <${n}@example.org>`]),
		'',
		'x'.repeat((n * 7919) % 3000),
		n % 3 === 0 ? 'schöne Grüße' : '',
		'',
	].join('\r\n');

async function contents(imap: Imap4): Promise<string[]> {
	await imap.open('INBOX', { readOnly: true });
	const found: string[] = [];
	const items = { uid: true, flags: true, internalDate: true, body: [{ section: '', peek: true }] };
	for await (const message of imap.selected.fetch('1:*', items)) {
		const flags = (message.flags ?? []).filter((flag) => flag !== '\\Recent').sort();
		const text = (await message.body[0]?.bytes())?.toString('latin1');
		found.push(JSON.stringify([message.internalDate?.toISOString(), flags, text]));
	}
	return found.sort();
}

/** Fills INBOX. @returns what is in it */
async function filled(imap: Imap4): Promise<string[]> {
	const messages = Array.from({ length: COUNT }, (_, n) => ({
		message: letter(n),
		flags: [...(n % 2 ? ['\\Seen'] : []), ...(n % 5 ? [] : ['\\Flagged', 'project'])],
		date: new Date(Date.UTC(2020, 0, 1) + n * 3_600_000),
	}));
	await imap.appendAll('INBOX', messages);
	const before = await contents(imap);
	await imap.selected.close();
	return before;
}

test.skipIf(missing !== undefined)(
	'nothing is lost, nothing doubled, flags and dates are equal',
	async () => {
		if (!dovecot || !cyrus) throw new Error('There are no servers');
		const [from, to] = await Promise.all([dovecot.start(), cyrus.start()]);
		const [source, target] = [from.freshAccount(), to.freshAccount()];
		const [here, there] = await Promise.all([connect(from, source), connect(to, target)]);
		try {
			const before = await filled(here);
			const run = (parameters: INodeParameters, signal?: AbortSignal): NodeRunOptions => ({
				node: 'imap4Message',
				operation: 'moveToAccount',
				server: { host: from.host, port: from.port('none') },
				credential: { ...source },
				target: { host: to.host, port: to.port('none') },
				targetCredential: { ...target },
				signal,
				parameters: {
					messages: 'uids',
					mailbox: box('INBOX'),
					uids: '1:*',
					targetMailbox: box('INBOX'),
					...parameters,
				},
			});
			for (let stop = 1; stop <= STOPS; stop++) {
				const controller = new AbortController();
				const timer = setTimeout(() => controller.abort(), 50 + Math.random() * 400);
				await runToEnd(run({}, controller.signal));
				clearTimeout(timer);
			}
			await jsonOf(run({}));
			await Promise.all([here.noop(), there.noop()]);
			expect(await contents(here)).toEqual([]);
			expect((await contents(there)).length).toBe(COUNT);
			expect(await contents(there)).toEqual(before);
		} finally {
			await Promise.all([here.logout(), there.logout()]);
		}
	},
	120_000,
);

/** A process that has loaded everything and waits for the accounts. */
async function movingProcess(): Promise<ChildProcess> {
	const child = fork(join(__dirname, 'moving-process.ts'), { execArgv: ['--import', 'tsx'] });
	await once(child, 'message');
	return child;
}

test.skipIf(missing !== undefined)(
	'nothing is lost, nothing doubled, where the process is killed',
	async () => {
		if (!dovecot || !cyrus) throw new Error('There are no servers');
		const [from, to] = await Promise.all([dovecot.start(), cyrus.start()]);
		const [source, target] = [from.freshAccount(), to.freshAccount()];
		const [here, there] = await Promise.all([connect(from, source), connect(to, target)]);
		try {
			const before = await filled(here);
			const task = {
				from: { host: from.host, port: from.port('none'), ...source },
				to: { host: to.host, port: to.port('none'), ...target },
			};
			let killedAtWork = 0;
			for (let kill = 1; kill <= KILLS; kill++) {
				const child = await movingProcess();
				const ended = once(child, 'exit');
				child.send(task);
				const done = once(child, 'message').then(() => true);
				const pause = wait(50 + (Math.random() * COUNT) / 4).then(() => false);
				if (!(await Promise.race([done, pause]))) killedAtWork++;
				child.kill('SIGKILL');
				await ended;
			}
			const child = await movingProcess();
			child.send(task);
			expect(await once(child, 'message')).toEqual(['done', undefined]);
			child.kill('SIGKILL');
			await Promise.all([here.noop(), there.noop()]);
			expect(killedAtWork).toBeGreaterThan(0);
			expect(await contents(here)).toEqual([]);
			expect((await contents(there)).length).toBe(COUNT);
			expect(await contents(there)).toEqual(before);
		} finally {
			await Promise.all([here.logout(), there.logout()]);
		}
	},
	120_000 + KILLS * 60_000,
);
