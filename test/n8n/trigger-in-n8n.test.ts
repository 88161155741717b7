/** IMAP4 Message Trigger in a full n8n: the workflow classify-and-move, activated, on Dovecot. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { credentialOf, withCredential, type Account } from '../../demo/account';
import { pollEvery } from '../../demo/n8n/polling';
import type { RealN8n } from '../../demo/n8n/real-n8n';
import type { N8nRest } from '../../demo/n8n/rest';
import { readWorkflow } from '../../demo/workflows';
import { Imap4 } from '../../engine/index';
import { ACKNOWLEDGED } from '../../nodes/shared/message/acknowledgement';
import { preparedN8n } from './prepared-n8n';

const dovecot = inject('dovecot');
const certificates = inject('certificates');
if ('missing' in dovecot) {
	console.log(`Left out: the trigger in n8n, because ${dovecot.missing}`);
}

let n8n: RealN8n;
let rest: N8nRest;
beforeAll(async () => {
	n8n = await preparedN8n();
	rest = await n8n.startEditor();
});
afterAll(() => n8n?.dispose());

test.skipIf('missing' in dovecot)('messages that come are classified and moved', async () => {
	if ('missing' in dovecot) return;
	const { host, ports, password } = dovecot;
	const user = `u${randomBytes(6).toString('hex')}`;
	const { ca } = certificates;
	const account: Account = { host, port: ports.tls, security: 'tls', user, password, ca };
	await using imap = await Imap4.connect({
		...{ host, port: ports.tls, tls: { ca } },
		auth: { user, password },
	});
	const mail = (subject: string, from = 'bert@example.org') =>
		imap.append('INBOX', `From: ${from}\r\nSubject: ${subject}\r\n\r\ntext\r\n`);
	await mail('Old invoice');

	const file = readWorkflow('classify-and-move');
	for (const node of file.nodes) {
		if (node.parameters.pollTimes) node.parameters.pollTimes = pollEvery(5);
	}
	const credential = credentialOf(account, `c${user}`, 'Dovecot');
	await n8n.importCredentials([credential]);
	await rest.activate(await rest.addWorkflow(withCredential(file, credential)));
	const count = async (mailbox: string): Promise<number> =>
		(await imap.status(mailbox, ['messages']).catch(() => ({ messages: 0 }))).messages ?? 0;
	// n8n answers before the first poll has been, and what is there by then is the baseline.
	const anotherInvoice = async (): Promise<number> => {
		await mail('Your invoice 4711');
		return count('Invoices');
	};
	await expect.poll(anotherInvoice, { timeout: 60_000, interval: 2_000 }).toBeGreaterThan(0);

	await mail('News of the week', 'no-reply@shop.example');
	await mail('Lunch?');
	await expect.poll(() => count('Newsletters'), { timeout: 60_000, interval: 500 }).toBe(1);
	// Each trigger has a keyword of its own, which begins with the one that all had in common.
	const acknowledged = async (): Promise<string[]> => {
		await imap.open('INBOX', { readOnly: true });
		const subjects: string[] = [];
		for await (const { flags = [], envelope } of imap.selected.bySequenceNumber.fetch('1:*', {
			flags: true,
			envelope: true,
		})) {
			if (flags.some((flag) => flag.startsWith(ACKNOWLEDGED)))
				subjects.push(envelope?.subject ?? '');
		}
		return subjects;
	};
	// What was there when the workflow was activated stays as it was.
	await expect.poll(acknowledged, { timeout: 60_000, interval: 500 }).toEqual(['Lunch?']);
});
