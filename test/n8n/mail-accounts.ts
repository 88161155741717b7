/** Fresh accounts on the real servers of a run, filled and looked at over connections of the tests' own. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { credentialOf, type Account } from '../../demo/account';
import type { Credential } from '../../demo/run-workflow';
import { snapshotOf, type MessageSnapshot } from '../../demo/snapshot';
import { Imap4 } from '../../engine/index';
import { CYRUS_ADMIN, CYRUS_PROXY } from '../real/cyrus-config';
import type { LogIn } from './workflow-runs';

const certificates = inject('certificates');
const dovecot = inject('dovecot');
const cyrus = inject('cyrus');
const courier = inject('courier');

/** A name that nobody had before. */
export const freshName = (): string => `u${randomBytes(6).toString('hex')}`;

/** Over TLS with the tests' own authority. Without the server, an account that nobody may use. */
function accountOn(
	server: typeof dovecot | typeof cyrus | typeof courier,
	user = freshName(),
): Account & { user: string } {
	const { host, port, password } =
		'missing' in server
			? { host: 'missing.invalid', port: 993, password: '' }
			: { host: server.host, port: server.ports.tls, password: server.password };
	return { host, port, security: 'tls', user, password, ca: certificates.ca };
}

export const onDovecot = (): Account => accountOn(dovecot);
/** Cyrus makes its INBOX at the first login. */
export const onCyrus = (): Account => accountOn(cyrus);
export const onCourier = (): Account => accountOn(courier);
export const cyrusAdmin = (): Account => accountOn(cyrus, CYRUS_ADMIN);

/** For the account that messages are copied or moved to. */
export function targetCredential(account: Account): Credential {
	const id = randomBytes(8).toString('hex');
	const { data } = credentialOf(account, id, '');
	const { security } = account;
	return { id, name: `Target ${id}`, type: 'imap4TargetApi', data: { ...data, security } };
}

/** The same login in every node. */
export function loggedIn(account: Account): () => LogIn {
	const id = randomBytes(8).toString('hex');
	const credential = credentialOf(account, id, `Account ${id}`);
	return () => ({ authentication: 'ssl', credential });
}

/** Who may act as any user of Cyrus: each node says as whom. */
export function actingAsOthers(): LogIn {
	const { host, port, password, ca } = accountOn(cyrus, CYRUS_PROXY);
	const id = randomBytes(8).toString('hex');
	return {
		authentication: 'proxyAuth',
		credential: {
			id,
			name: `Proxy ${id}`,
			type: 'imap4ProxyAuthApi',
			data: {
				host,
				port,
				security: 'tls',
				user: CYRUS_PROXY,
				password,
				method: 'sasl',
				caCertificate: ca ?? '',
			},
		},
	};
}

/** Logged in with the engine, directly at the server. */
export function connection(account: Account): Promise<Imap4> {
	const { host, port, security, user, password, ca } = account;
	return Imap4.connect({
		host,
		port,
		security,
		auth: { user, password },
		...(ca === undefined ? {} : { tls: { ca } }),
	});
}

export interface Letter {
	subject: string;
	/** In days; 0 by default. */
	age?: number;
	flags?: string[];
	/** `<subject@mail.example>` by default; null for a message without one. */
	messageId?: string | null;
	/** The Message-ID that it answers. */
	inReplyTo?: string;
	body?: string;
	/** The whole message, in place of what the other fields say of it. */
	raw?: string;
}

const DAY = 86_400_000;
/** Of all letters of a file, so that equal ones are equal to the octet whenever they are stored. */
const now = Date.now();

function letterText({ subject, age = 0, messageId, inReplyTo, body }: Letter): string {
	const id = messageId === undefined ? `<${subject.replace(/\W/g, '-')}@mail.example>` : messageId;
	return [
		'From: Anna <anna@mail.example>',
		'To: Bert <bert@mail.example>',
		`Subject: ${subject}`,
		`Date: ${new Date(now - age * DAY).toUTCString()}`,
		...(id === null ? [] : [`Message-ID: ${id}`]),
		...(inReplyTo === undefined ? [] : [`In-Reply-To: ${inReplyTo}`, `References: ${inReplyTo}`]),
		'Content-Type: text/plain; charset=utf-8',
		'',
		body ?? `About ${subject}.`,
		'',
	].join('\r\n');
}

/** Makes the mailboxes that are missing, and stores the letters, oldest entry first. */
export async function fill(
	account: Account,
	mailboxes: Readonly<Record<string, readonly Letter[]>>,
): Promise<void> {
	await using imap = await connection(account);
	const there = new Set((await imap.list()).map(({ name }) => name));
	for (const [name, letters] of Object.entries(mailboxes)) {
		if (!there.has(name) && name !== 'INBOX') await imap.createMailbox(name);
		for (const letter of letters) {
			await imap.append(name, Buffer.from(letter.raw ?? letterText(letter)), {
				flags: letter.flags ?? [],
				date: new Date(now - (letter.age ?? 0) * DAY),
			});
		}
	}
}

/** What is in the account, by mailbox, the digests of the contents included. */
export async function contents(account: Account): Promise<Record<string, MessageSnapshot[]>> {
	const mailboxes = await snapshotOf(account);
	return Object.fromEntries(mailboxes.map(({ name, messages }) => [name, messages]));
}

/** The Message-IDs of what is in the account, by mailbox; mailboxes without messages are left out. */
export async function messageIds(account: Account): Promise<Record<string, string[]>> {
	const filled = Object.entries(await contents(account)).filter(([, found]) => found.length > 0);
	return Object.fromEntries(
		filled.map(([name, found]) => [
			name,
			found.map(({ messageId }) => messageId.replace(/^<|@.*$/g, '')),
		]),
	);
}
