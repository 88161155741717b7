/**
 * A real n8n whose workflow begins with IMAP4 Message Trigger, on Dovecot, killed (SIGKILL) at random moments
 * while messages arrive: stored, copied and moved in. Then it runs undisturbed until it is quiet, and
 * every message is looked for in the executions.
 *
 *   npm run soak:killed -- --minutes 10 --delivery acknowledged
 *   npm run soak:killed -- --minutes 10 --delivery received --durable
 *   npm run soak:killed -- --minutes 10 --delivery received --durable --wait
 *
 * `acknowledged`: every message is acknowledged by an execution that succeeded, none is left behind.
 * `received --durable`: with n8n's durable poll cursors every message is in exactly one execution.
 * `received`: tells how many messages n8n's own saving of the cursor has cost, or given twice.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Account } from '../../demo/account';
import { DURABLE } from '../../demo/n8n/polling';
import { RealN8n } from '../../demo/n8n/real-n8n';
import { Imap4 } from '../../engine/index';
import { makeCertificates } from '../real/certificates';
import { startDovecot } from '../real/dovecot';
import { findDovecot } from '../real/dovecot-files';
import {
	activate,
	Arrivals,
	judge,
	MINUTE,
	owner,
	SECOND,
	sleep,
	untilQuiet,
	workflowOf,
	type SoakOptions,
} from './trigger-soak';

interface Options extends SoakOptions {
	minutes: number;
	/** Whether to print what n8n has printed since its last start. */
	verbose: boolean;
}

function readOptions(): Options {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '10' },
			delivery: { type: 'string', default: 'acknowledged' },
			durable: { type: 'boolean', default: false },
			wait: { type: 'boolean', default: false },
			verbose: { type: 'boolean', default: false },
		},
	});
	const { minutes, delivery, durable, wait, verbose } = values;
	if (!(Number(minutes) > 0)) throw new Error('--minutes takes a number above 0');
	if (delivery !== 'acknowledged' && delivery !== 'received') {
		throw new Error('--delivery takes "acknowledged" or "received"');
	}
	return {
		minutes: Number(minutes),
		acknowledged: delivery === 'acknowledged',
		durable,
		wait,
		verbose,
	};
}

async function main(): Promise<void> {
	const options = readOptions();
	const certificates = await makeCertificates();
	const dovecot = await startDovecot(await findDovecot(), certificates);
	const { installN8n } = await import('../../scripts/n8n-install.mjs');
	const n8n = await RealN8n.prepare(await installN8n(), {
		settings: options.durable ? DURABLE : {},
	});
	try {
		const { host, ports, password } = dovecot.address;
		const account: Account = {
			...{ host, port: ports.plain, user: 'soak', password },
			security: 'none',
		};
		const imap = await Imap4.connect({ ...account, auth: { user: 'soak', password } });
		await imap.createMailbox('Elsewhere');
		const id = await activate(n8n, workflowOf(options), account);
		const arrivals = new Arrivals(imap);
		const kills = await disturb(n8n, arrivals, options.minutes * MINUTE);
		console.log(`${arrivals.subjects.length} messages arrived, n8n was killed ${kills} times`);
		const rest = await n8n.start();
		await rest.logIn(owner);
		await untilQuiet(imap, options);
		await judge(rest, id, arrivals.subjects, imap, options);
		if (process.exitCode || options.verbose) console.log(n8n.log());
		await imap.logout();
	} finally {
		await n8n.dispose();
		await dovecot.stop();
	}
}

/** @returns how often n8n was killed */
async function disturb(n8n: RealN8n, arrivals: Arrivals, duration: number): Promise<number> {
	const end = Date.now() + duration;
	let kills = 0;
	let arriving = true;
	const arrival = (async () => {
		while (arriving) {
			await arrivals.one();
			await sleep(randomInt(100, 1_500));
		}
	})();
	while (Date.now() < end) {
		await sleep(Math.min(randomInt(1 * SECOND, 20 * SECOND), Math.max(0, end - Date.now())));
		// Half of them just when it polls, or hands the items on.
		if (randomInt(2) === 0) await sleep(5 * SECOND - (Date.now() % (5 * SECOND)) + randomInt(400));
		await n8n.kill();
		kills++;
		await sleep(randomInt(0, 3 * SECOND));
		await n8n.start();
	}
	arriving = false;
	await arrival;
	await n8n.kill();
	return kills;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
