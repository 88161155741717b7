import { type Security } from '../engine/index';
import { optionsOf, readPort, UsageError } from './command-line';

export interface ReportArguments {
	kind: 'report';
	host: string;
	port: number;
	security: Security;
	user: string;
	/** A PEM file of certificates to trust. */
	caFile?: string;
}

export type DemoArguments = { kind: 'demo' } | { kind: 'help' } | ReportArguments;

export const HELP = `n8n-nodes-imap4: a mailbox-maintenance workflow on n8n's own workflow engine

  npm run demo
      Starts an in-memory mail server on this machine, fills an account with some 500 messages, runs
      workflows/archive-by-year.json on it and checks that every message is where it belongs.

  npm run demo -- --host imap.example.com --user name@example.com
      Runs workflows/report.json on your own account: it only reads, and changes nothing. The password
      is asked for on the terminal, or taken from the environment variable IMAP4_PASSWORD.

      --host NAME        the mail server
      --user NAME        usually the email address
      --security KIND    tls (the default), starttls, or none
      --port NUMBER      993 by default with tls, else 143
      --ca FILE          a PEM file with the certificate to trust, for a server of your own

  npm run demo -- --help`;

const USUAL_PORT: Record<Security, number> = { tls: 993, starttls: 143, none: 143 };
const SEE_HELP = 'See npm run demo -- --help';
const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	host: { type: 'string' },
	port: { type: 'string' },
	security: { type: 'string' },
	user: { type: 'string' },
	ca: { type: 'string' },
	password: { type: 'string' },
} as const;

/**
 * @param argv without the program and the script
 * @throws {UsageError} one line that says what is wrong
 */
export function parseArguments(argv: readonly string[]): DemoArguments {
	const given = optionsOf(argv, OPTIONS, SEE_HELP);
	if (given.help) return { kind: 'help' };
	if (given.password !== undefined) {
		throw new UsageError(
			'A password on the command line can be seen by others: leave --password out, it will be asked for (or set IMAP4_PASSWORD)',
		);
	}
	const { host, user, port, security = 'tls', ca } = given;
	if (host === undefined && user === undefined) {
		if (port === undefined && given.security === undefined && ca === undefined) {
			return { kind: 'demo' };
		}
		throw new UsageError(`Which account? --host and --user are missing. ${SEE_HELP}`);
	}
	if (!host?.trim())
		throw new UsageError(`--host is missing: the name of the mail server. ${SEE_HELP}`);
	if (!user?.trim())
		throw new UsageError(`--user is missing: the name to log in with. ${SEE_HELP}`);
	if (security !== 'tls' && security !== 'starttls' && security !== 'none') {
		throw new UsageError(`--security takes tls, starttls or none, not "${security}"`);
	}
	return {
		kind: 'report',
		host: host.trim(),
		port: port === undefined ? USUAL_PORT[security] : readPort(port),
		security,
		user: user.trim(),
		...(ca === undefined ? {} : { caFile: ca }),
	};
}
