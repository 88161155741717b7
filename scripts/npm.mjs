/** npm as a child process: always with the Node that runs us, quietly, with errors a person can act on. */
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

/** A failure whose message is all that the user needs: no stack is printed for it. */
export class SetupError extends Error {}

// What npm writes when a registry cannot be reached at all, or not in time.
const NETWORK_CODES =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|ENOTCACHED)\b/;
// So long may every request fail before there is taken to be no network.
const SILENCE_SECONDS = 10;
const OUTPUT_TAIL_CHARACTERS = 20_000;

/**
 * The environment for a nested npm: that of the caller without what an outer `npm run` says about
 * *its* package, which would otherwise lead the nested one to the wrong folder.
 *
 * @returns {NodeJS.ProcessEnv}
 */
function nestedEnvironment() {
	const env = { ...process.env };
	for (const name of Object.keys(env)) {
		if (/^npm_(package|lifecycle|command|execpath|config_local_prefix)/i.test(name))
			delete env[name];
	}
	delete env.INIT_CWD;
	delete env.NODE_ENV;
	// Install scripts find the same Node as ours, not an older one of the system.
	env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
	return env;
}

/**
 * Runs npm in `folder` and waits for it.
 *
 * @param {string[]} args
 * @param {{ folder: string, doing: string, onRetry?: (code: string) => void }} options
 *   `doing` begins the message of a failure; `onRetry` hears of each unanswered request while npm still tries
 * @returns {Promise<void>}
 * @throws {SetupError} npm could not be started, the registry cannot be reached, or npm failed (with the end of its output)
 */
export function runNpm(args, { folder, doing, onRetry }) {
	const cli = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
	const [command, commandArgs] = cli ? [process.execPath, [cli, ...args]] : ['npm', args];
	return new Promise((resolve, reject) => {
		const child = spawn(
			command,
			[...commandArgs, '--loglevel=http', '--no-progress', '--no-audit', '--no-fund'],
			{
				cwd: folder,
				env: nestedEnvironment(),
				stdio: ['ignore', 'pipe', 'pipe'],
				shell: !cli && process.platform === 'win32',
			},
		);
		let tail = '';
		let unreachable = '';
		let answered = false;
		/** @type {number | undefined} */
		let firstFailureAt;
		/** @param {Buffer} chunk */
		const keep = (chunk) => {
			const text = chunk.toString();
			tail = (tail + text).slice(-OUTPUT_TAIL_CHARACTERS);
			answered ||= /npm http fetch \w+ (2|3)\d\d /.test(text);
			const failure = /attempt \d+ failed with (\w+)/.exec(text)?.[1];
			if (!failure || !NETWORK_CODES.test(failure)) return;
			unreachable = failure;
			firstFailureAt ??= process.uptime();
			onRetry?.(failure);
			// npm goes on for minutes, package by package; who has no network wants to know now.
			if (!answered && process.uptime() - firstFailureAt >= SILENCE_SECONDS) child.kill();
		};
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		child.on('error', (error) => {
			reject(new SetupError(`${doing} failed: npm cannot be started (${error.message}).`));
		});
		child.on('close', (code) => {
			if (code === 0) return resolve();
			const errors = tail.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
			const network =
				NETWORK_CODES.exec(errors.join('\n'))?.[1] ?? (errors.length === 0 ? unreachable : '');
			if (network) {
				reject(
					new SetupError(
						`${doing} failed: the npm registry cannot be reached (${network}). Check the network or the proxy settings, then run the same command again.`,
					),
				);
				return;
			}
			const shown = errors.length > 0 ? errors : tail.trim().split('\n').slice(-15);
			reject(
				new SetupError(
					[`${doing} failed: npm ended with code ${code}.`, ...shown.slice(0, 30)].join('\n'),
				),
			);
		});
	});
}

/**
 * Runs a script's main function and ends the process: a SetupError is one clear line, anything else shows its stack.
 *
 * @param {() => Promise<void>} main
 */
export async function runScript(main) {
	try {
		await main();
	} catch (error) {
		console.error(error instanceof SetupError ? `\n${error.message}` : error);
		process.exitCode = 1;
	}
}
