import { optionsOf, readPort } from '../command-line';

export interface N8nDemoArguments {
	help: boolean;
	/** End after the table, without an editor. */
	once: boolean;
	/** The editor's; when left out, n8n's usual one or any that is free. */
	port?: number;
}

export const N8N_HELP = `n8n-nodes-imap4 in a full n8n

  npm run demo:n8n
      Installs n8n once into a cache folder of yours, starts an in-memory mail server with a filled
      account, runs the workflows of workflows/ on it, and then opens n8n's editor for you to go on.

      --once           end after the check instead of opening the editor
      --port NUMBER    the editor's port, 5678 by default`;

const SEE_HELP = 'See npm run demo:n8n -- --help';
const OPTIONS = {
	help: { type: 'boolean', short: 'h' },
	once: { type: 'boolean' },
	port: { type: 'string' },
} as const;

/**
 * @param argv without the program and the script
 * @throws {UsageError} one line that says what is wrong
 */
export function parseN8nArguments(argv: readonly string[]): N8nDemoArguments {
	const { help = false, once = false, port } = optionsOf(argv, OPTIONS, SEE_HELP);
	return { help, once, ...(port === undefined ? {} : { port: readPort(port) }) };
}
