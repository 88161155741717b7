import { inject } from 'vitest';
import { DOVECOT_DOTTED } from './dovecot-config';

/** A server with one way of arranging mailboxes. */
export interface Layout {
	title: string;
	/** What comes before the names of personal mailboxes. */
	prefix: string;
	delimiter: string;
	host: string;
	port: number;
	password: string;
	/** What the names of users begin with that have this layout. */
	users?: string;
}

interface Missing {
	title: string;
	missing: string;
}

const SLASH = { prefix: '', delimiter: '/' };
const DOTTED = { prefix: 'INBOX.', delimiter: '.' };

/** Of each real server of this run, what layouts it has, or why it is missing. */
export function layouts(): (Layout | Missing)[] {
	const [dovecot, cyrus, courier] = [inject('dovecot'), inject('cyrus'), inject('courier')];
	const found: (Layout | Missing)[] = [];
	if ('missing' in dovecot) found.push({ title: 'Dovecot', ...dovecot });
	else {
		const { host, ports, password } = dovecot;
		const at = { host, port: ports.plain, password };
		found.push({ title: 'Dovecot with /', ...SLASH, ...at });
		found.push({ title: 'Dovecot with INBOX. and .', ...DOTTED, ...at, users: DOVECOT_DOTTED });
	}
	if ('missing' in cyrus) found.push({ title: 'Cyrus', ...cyrus });
	else {
		const { host, ports, password } = cyrus;
		found.push({ title: 'Cyrus with /', ...SLASH, host, port: ports.plain, password });
		found.push({ title: 'Cyrus with INBOX. and .', ...DOTTED, host, port: ports.dotted, password });
	}
	if ('missing' in courier) found.push({ title: 'Courier', ...courier });
	else {
		const { host, ports, password } = courier;
		found.push({
			title: 'Courier with INBOX. and .',
			...DOTTED,
			host,
			port: ports.plain,
			password,
		});
	}
	return found;
}

/** What a path with / between its levels is called there. */
export const nameOn = ({ prefix, delimiter }: Layout, path: string): string =>
	prefix + path.replaceAll('/', delimiter);
