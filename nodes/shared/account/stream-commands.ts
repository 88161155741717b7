/**
 * The commands that IMAP4 Stream credentials may start, by name. Anyone who may edit credentials must not
 * be able to run programs on the n8n host, so only its administrator says what a name stands for.
 */

/** Holds a JSON object: name → list of the program and its arguments. */
export const STREAM_COMMANDS = 'N8N_IMAP4_STREAM_COMMANDS';

/**
 * Names further variables of n8n's environment that the programs get, separated by commas or spaces.
 * Without it they get {@link INHERITED} only: n8n's encryption key and passwords are not for them.
 */
export const STREAM_ENVIRONMENT = 'N8N_IMAP4_STREAM_ENVIRONMENT';

/** What a program needs to find others, its user's files, and a character set. */
const INHERITED = ['PATH', 'HOME', 'LANG'];

export interface StreamCommand {
	/** As the administrator named it; one program may serve several accounts by its arguments. */
	name: string;
	/** The program; no shell is involved. */
	command: string;
	args: readonly string[];
	/** Its whole environment. */
	env: NodeJS.ProcessEnv;
}

/**
 * @param environment of the n8n process
 * @throws Error if the administrator allowed no command of this name; it names those there are
 */
export function streamCommand(
	name: string,
	environment: NodeJS.ProcessEnv = process.env,
): StreamCommand {
	const text = environment[STREAM_COMMANDS];
	if (text === undefined || text.trim() === '') {
		throw new Error(
			`This n8n instance doesn't allow any commands. Its administrator can allow them in the environment variable ${STREAM_COMMANDS}, such as {"dovecot": ["/usr/lib/dovecot/imap"]}`,
		);
	}
	const commands = readCommands(text);
	const [command, ...args] = commands.get(name) ?? [];
	if (command !== undefined) return { name, command, args, env: childEnvironment(environment) };
	throw new Error(
		`The administrator of this n8n instance hasn't allowed the command "${name}". Allowed commands: ${[...commands.keys()].join(', ') || 'none'}`,
	);
}

function readCommands(text: string): Map<string, string[]> {
	const wrong = new Error(
		`The environment variable ${STREAM_COMMANDS} is not a JSON object of arrays of strings, such as {"dovecot": ["/usr/lib/dovecot/imap"]}`,
	);
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw wrong;
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong;
	const commands = Object.entries(value);
	const isCommand = (one: unknown): one is string[] =>
		Array.isArray(one) && one.length > 0 && one.every((part) => typeof part === 'string');
	if (!commands.every(([, command]) => isCommand(command))) throw wrong;
	return new Map(commands);
}

function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const named = (environment[STREAM_ENVIRONMENT] ?? '').split(/[\s,]+/);
	return Object.fromEntries(
		[...INHERITED, ...named].flatMap((name) =>
			name !== '' && Object.hasOwn(environment, name) ? [[name, environment[name]] as const] : [],
		),
	);
}
