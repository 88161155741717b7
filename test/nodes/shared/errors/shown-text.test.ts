/** Text of servers and messages, as n8n shows it: its interface renders it as HTML. */
import type { ICredentialTestFunctions } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { Imap4Message } from '../../../../nodes/Imap4Message/Imap4Message.node';
import { asSentence } from '../../../../nodes/shared/errors/node-errors';
import { MAX_SHOWN, shownText } from '../../../../nodes/shared/errors/shown-text';
import { errorOf, PASSWORD, startServer, USER } from '../../run-node';

const LINK = '<a href="https://evil.example">log in again</a>\u001b[31m \u202etxt.exe\u200b';

test('markup, controls and characters that turn others round are harmless', () => {
	expect(shownText(LINK)).toBe('‹a href="https://evil.example"›log in again‹/a›[31m txt.exe');
	expect(shownText('A > B\tC\nD')).toBe('A > B\tC\nD');
});

test('no more than 1,000 characters, none of them half', () => {
	const text = shownText('😀'.repeat(MAX_SHOWN));
	expect(text.length).toBeLessThanOrEqual(MAX_SHOWN);
	expect(text.isWellFormed()).toBe(true);
	expect(text.endsWith('…')).toBe(true);
});

test('a sentence ends in one full stop, at a cost that grows with its length only', () => {
	expect(asSentence('no . . ')).toBe('no.');
	const began = performance.now();
	asSentence(`${'.'.repeat(200_000)}x`);
	expect(performance.now() - began).toBeLessThan(250);
});

const refusing = () =>
	startServer({
		faults: {
			on: ({ tag, line }) =>
				line.startsWith('EXAMINE') || line.startsWith('LOGIN') || line.startsWith('AUTHENTICATE')
					? `${tag} NO ${LINK.replace('\u001b', '')}\r\n`
					: undefined,
		},
	});

test('a node shows no live link of a server', async () => {
	const server = await refusing();
	const { message, description, text } = await errorOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
	});
	expect(message).toContain('‹a href=');
	for (const shown of [message, description, text]) expect(shown).not.toMatch(/<a|\u202e|\u200b/);
});

test('nor does the test of a credential', async () => {
	const { host, port } = await refusing();
	const { imap4Login } = new Imap4Message().methods.credentialTest;
	const { message } = await imap4Login.call({} as ICredentialTestFunctions, {
		id: '1',
		name: 'x',
		type: 'imap4PlainApi',
		data: { host, port, user: USER, password: PASSWORD },
	});
	expect(message).toContain('‹a href=');
	expect(message).not.toMatch(/<a|\u202e|\u200b/);
});

test('what a user wrote into a field is shown as text as well', async () => {
	const server = await startServer();
	const { message } = await errorOf({
		node: 'imap4Message',
		operation: 'getMany',
		server,
		parameters: { mailbox: { __rl: true, mode: 'path', value: '<img src=x onerror=y>' } },
	});
	expect(message).toContain('‹img');
	expect(message).not.toContain('<img');
});
