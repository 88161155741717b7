/**
 * The workflows of workflows/ in which people and models take part, activated in a full n8n, on fresh accounts
 * of Dovecot. The model is a web server of the tests' own that speaks OpenAI's interface.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { afterAll, expect, test } from 'vitest';
import type { Account } from '../../demo/account';
import { wholeLetter } from './letters';
import { connection, contents, fill, loggedIn, messageIds, onDovecot } from './mail-accounts';
import { WorkflowRuns, workflowOn, type WorkflowOutcome } from './workflow-runs';

interface Question {
	key: string;
	messages: Array<{ role: string; content: string }>;
}

const MODEL_KEY = 'key-of-the-model';
const questions: Question[] = [];

/** Its answer is made of the subject, so that each reply shows which message it belongs to. */
function answer(question: Question): string {
	const user = question.messages.find(({ role }) => role === 'user')?.content ?? '';
	return `Thank you. About ${/^Subject: (.*)$/m.exec(user)?.[1]}: gladly.`;
}

let model: Server;
const modelCredential = {
	id: 'model',
	name: 'Model',
	type: 'openAiApi',
	data: { apiKey: MODEL_KEY, url: '' },
};

const runs = WorkflowRuns.ofThisFile({ prepare: startModel });

async function startModel(): Promise<void> {
	model = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as Question;
			const question = { key: request.headers.authorization ?? '', messages };
			questions.push(question);
			const message = { role: 'assistant', content: answer(question) };
			response.writeHead(200, { 'content-type': 'application/json' }).end(
				JSON.stringify({
					id: 'chatcmpl-1',
					object: 'chat.completion',
					created: 1_772_582_400,
					model: 'gpt-5-mini',
					choices: [{ index: 0, message, finish_reason: 'stop' }],
					usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
				}),
			);
		});
	});
	await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
	modelCredential.data.url = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
}
afterAll(() => new Promise((resolve) => model.close(resolve)));

/** The messages of a mailbox, the oldest first; none if it is missing. */
async function mailIn(account: Account, mailbox: string): Promise<ParsedMail[]> {
	await using imap = await connection(account);
	if ((await imap.list('', mailbox)).length === 0) return [];
	await imap.open(mailbox, { readOnly: true });
	const found: ParsedMail[] = [];
	const wanted = { body: [{ section: '', peek: true }] };
	for await (const { body } of imap.selected.bySequenceNumber.fetch('1:*', wanted)) {
		found.push(await simpleParser((await body[0]?.bytes()) ?? Buffer.alloc(0)));
	}
	return found;
}

const LONG = { timeout: 60_000, interval: 500 };

workflowOn('Dovecot')('reply-drafts-with-approval', () => {
	const account = onDovecot();
	const workflow = runs.addTriggered('reply-drafts-with-approval', {
		logIn: loggedIn(account),
		others: { Model: modelCredential },
	});

	/** What a person does who has followed the link: looks at the form, and sends it. */
	async function decide(link: string, decision: string, reply: string): Promise<void> {
		const page = await (await fetch(link)).text();
		expect(page).toContain('Approve a reply');
		const form = new FormData();
		form.set('field-0', decision);
		form.set('field-1', reply);
		expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200);
	}

	const linkIn = (text: string) => /^http:\/\/\S+\/form-waiting\/\S+$/m.exec(text)?.[0] ?? '';

	test('only an approved reply becomes a draft, as the person changed it', async () => {
		await fill(account, { INBOX: [{ subject: 'old' }] });
		await workflow.activate();
		const letter = (subject: string, more: object = {}) => ({
			subject: '',
			raw: wholeLetter({ subject, text: `A {question} about ${subject}?`, ...more }),
		});
		// n8n answers before the first poll has been, and what is there by then is the baseline.
		const waiting = async (): Promise<WorkflowOutcome[]> =>
			(await workflow.outcomes()).filter(({ status }) => status === 'waiting');
		const another = async (): Promise<number> => {
			await fill(account, { INBOX: [letter('first')] });
			return (await waiting()).length;
		};
		await expect.poll(another, { timeout: 60_000, interval: 5_000 }).toBeGreaterThan(0);
		await fill(account, {
			INBOX: [
				letter('newsletter', { header: ['List-Unsubscribe: <https://news.example/x>'] }),
				letter('automatic', { from: 'no-reply@shop.example' }),
				letter('declined'),
				letter('approved', { header: ['Reply-To: Anna <private@mail.example>'] }),
			],
		});
		const about = async (subject: string): Promise<string> => {
			const requests = await mailIn(account, 'Reply Approvals');
			const wanted = `Approve a reply to ${subject}`;
			return requests.find((request) => request.subject === wanted)?.text ?? '';
		};
		await expect.poll(() => about('approved'), LONG).not.toBe('');
		const [question] = questions.filter(({ messages }) =>
			messages.some(({ content }) => content.includes('approved')),
		);
		expect(question?.key).toBe(`Bearer ${MODEL_KEY}`);
		expect(question?.messages.at(-1)?.content).toContain('A {question} about approved?');
		expect(await mailIn(account, 'Drafts')).toEqual([]);

		const [declined, approved] = [await about('declined'), await about('approved')];
		expect(approved).toContain('Thank you. About approved: gladly.');
		await decide(linkIn(declined), 'Decline', 'Thank you. About declined: gladly.');
		await decide(linkIn(approved), 'Approve', 'Thank you, and see you on Friday.');
		await expect.poll(() => mailIn(account, 'Drafts'), LONG).toHaveLength(1);
		const read = async () =>
			((await contents(account))['Reply Approvals'] ?? []).filter(({ flags }) =>
				flags.includes('\\Seen'),
			);
		await expect.poll(read, LONG).toHaveLength(2);

		const [draft] = await mailIn(account, 'Drafts');
		expect(draft).toMatchObject({
			to: { text: '"Anna" <private@mail.example>' },
			subject: 'Re: approved',
			inReplyTo: '<approved@mail.example>',
		});
		expect(draft?.text).toContain('Thank you, and see you on Friday.');
		expect(draft?.text).toContain('> A {question} about approved?');
		expect(draft?.text).not.toContain('gladly');
		for (const subject of ['newsletter', 'automatic', 'old']) {
			expect(await about(subject)).toBe('');
		}
		const inbox = (await contents(account)).INBOX ?? [];
		expect(inbox.filter(({ flags }) => flags.includes('\\Seen'))).toEqual([]);
		const failed = (await workflow.outcomes()).filter(({ status }) => status === 'error');
		expect(failed.map(({ error }) => error)).toEqual([]);
	});
});

workflowOn('Dovecot')('reply-drafts-with-approval, without an answer', () => {
	const account = onDovecot();
	const run = runs.add('reply-drafts-with-approval', {
		logIn: loggedIn(account),
		others: { Model: modelCredential },
		change({ nodes }) {
			const wait = nodes.find(({ name }) => name === 'Wait for the Decision');
			Object.assign(wait?.parameters ?? {}, { resumeAmount: 2, resumeUnit: 'seconds' });
		},
	});

	test('counts as declined when its time is over', async () => {
		await fill(account, { INBOX: [{ subject: 'Lunch?' }] });
		const started = await run();
		expect(started.status).toBe('waiting');
		const ended = await runs.ended(started);
		expect(ended.error).toBeUndefined();
		expect(ended.hasRun('Draft the Reply')).toBe(false);
		const { 'Reply Approvals': requests, Drafts: drafts } = await contents(account);
		expect(requests).toMatchObject([{ flags: ['\\Seen'] }]);
		expect(drafts ?? []).toEqual([]);
	});
});

workflowOn('Dovecot')('shared-mailbox-triage', () => {
	const account = onDovecot();
	const workflow = runs.addTriggered('shared-mailbox-triage', { logIn: loggedIn(account) });

	test('labels and moves what people write, and leaves automatic mail', async () => {
		await fill(account, { INBOX: [{ subject: 'Invoice from before' }] });
		await workflow.activate();
		const first = async (): Promise<number> => {
			await fill(account, { INBOX: [{ subject: 'Payment' }] });
			return (await messageIds(account))['Triage/Billing']?.length ?? 0;
		};
		await expect.poll(first, { timeout: 60_000, interval: 2_000 }).toBeGreaterThan(0);
		const raw = (subject: string, text: string, from?: string, header?: string[]) => ({
			subject: '',
			raw: wholeLetter({ subject, text, from, header }),
		});
		await fill(account, {
			INBOX: [
				raw('Please help', 'I cannot log in. This is URGENT!'),
				raw('Hello', 'Thank you.\r\n\r\nOn Mon, 2 Mar 2026 at 09:30, Bert wrote:\r\n> the invoice'),
				raw('Your invoice', 'Attached.', 'no-reply@shop.example'),
				raw('Invoice news', 'Read on.', 'news@shop.example', [
					'List-Unsubscribe: <https://shop.example/leave>',
				]),
			],
		});
		const mailboxes = async () => {
			const all = await messageIds(account);
			return { technical: all['Triage/Technical'], general: all['Triage/General'] };
		};
		await expect.poll(mailboxes, LONG).toEqual({ technical: ['Please-help'], general: ['Hello'] });
		const after = await contents(account);
		const flagsOf = (mailbox: string) =>
			after[mailbox]?.map(({ flags }) => flags.filter((flag) => !/^\$?imap4/i.test(flag)));
		expect(flagsOf('Triage/Technical')).toEqual([['\\Flagged', 'team-technical']]);
		expect(flagsOf('Triage/General')).toEqual([['team-general']]);
		expect(after['Triage/Billing']?.every(({ flags }) => flags.includes('team-billing'))).toBe(
			true,
		);
		const left = (await messageIds(account)).INBOX ?? [];
		expect(left).toEqual(
			expect.arrayContaining(['Invoice-from-before', 'Your-invoice', 'Invoice-news']),
		);
		const failed = (await workflow.outcomes()).filter(({ status }) => status === 'error');
		expect(failed.map(({ error }) => error)).toEqual([]);
	});
});
