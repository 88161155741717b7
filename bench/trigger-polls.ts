/** What one poll of the trigger costs on Dovecot, 30 ms away. */
import type { INodeParameters } from 'n8n-workflow';
import { Imap4 } from '../engine/index';
import { packageNodeTypes } from '../demo/n8n-core/node-types';
import type { DovecotAddress } from '../test/real/dovecot';
import { Poller } from '../test/nodes/trigger/poller';
import { startCountingProxy } from './counting-proxy';

/** Milliseconds. */
const ROUND_TRIP = 30;
const MAILBOXES = 500;
/** Of the build that n8n loads. */
const BUNDLE = '../dist/bundle.js';
const POOL = 'nodes/shared/account/connection-pool.js';

interface Pool {
	closeIdleConnections(): Promise<void>;
}

const pattern: INodeParameters = { watch: 'pattern', pattern: '*' };
const EVENTS = ['messageReceived', 'flagsChanged', 'messageRemoved'];

/** @returns the lines of a table */
export async function measurePolls({ host, ports, password }: DovecotAddress): Promise<string[]> {
	const nodeTypes = await packageNodeTypes();
	const { default: bundle } = (await import(BUNDLE)) as { default: Record<string, () => Pool> };
	const closeIdleConnections = (): Promise<void> | undefined =>
		bundle[POOL]?.().closeIdleConnections();
	const proxy = await startCountingProxy(ports.plain, ROUND_TRIP);
	const lines = [
		'| Poll | Connection | Round trips | Octets up | Octets down | Items | ms |',
		'|---|---|---:|---:|---:|---:|---:|',
	];
	/** @param before what happens to the mailboxes before each of the polls */
	const measure = async (
		what: string,
		poller: Poller,
		before: () => Promise<void> = async () => undefined,
	): Promise<void> => {
		for (const connection of ['new', 'kept']) {
			await before();
			if (connection === 'new') await closeIdleConnections();
			// What ends the last connection, or leaves its mailbox.
			await new Promise((resolve) => setTimeout(resolve, 5 * ROUND_TRIP));
			proxy.take();
			const began = performance.now();
			const items = await poller.poll();
			const ms = Math.round(performance.now() - began);
			const { roundTrips, octetsUp, octetsDown } = proxy.take();
			const counts = [roundTrips, octetsUp, octetsDown, items.length, ms].join(' | ');
			lines.push(`| ${what} | ${connection} | ${counts} |`);
			console.log(lines.at(-1));
		}
	};
	const login = { host, port: ports.plain, security: 'none' as const };
	try {
		for (const many of [false, true]) {
			const user = many ? 'many' : 'one';
			const imap = await Imap4.connect({ ...login, auth: { user, password } });
			const names = Array.from({ length: many ? MAILBOXES - 1 : 0 }, (_, n) => `Box ${n}`);
			await Promise.all(names.map((name) => imap.createMailbox(name)));
			for (const name of ['INBOX', ...names.slice(0, 20)]) await append(imap, name);
			const place = many ? `${MAILBOXES} mailboxes` : 'one mailbox';
			for (const event of EVENTS) {
				const poller = new Poller({
					nodeTypes,
					server: { host, port: proxy.port },
					credential: { user, password },
					parameters: { event, ...(many ? pattern : {}) },
				});
				// The second time the connection is kept from then on; the first may open mailboxes.
				for (let polls = 0; polls < 3; polls++) await poller.poll();
				await measure(`${event}, ${place}, nothing new`, poller);
				if (event !== 'messageReceived') continue;
				const watched = many ? names.slice(0, 10) : ['INBOX'];
				await measure(`${event}, ${place}, new in ${watched.length}`, poller, async () => {
					for (const name of watched) await append(imap, name);
				});
			}
			await imap.logout();
		}
	} finally {
		await closeIdleConnections();
		await proxy.stop();
	}
	return lines;
}

async function append(imap: Imap4, name: string): Promise<void> {
	await imap.append(name, 'From: anna@example.com\r\nSubject: one\r\n\r\ntext\r\n');
}
