import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../demo/arguments';
import { UsageError } from '../../demo/command-line';

const account = ['--host', 'imap.example.com', '--user', 'ann@example.com'];

describe('the arguments of npm run demo', () => {
	it('runs the demonstration without any', () => {
		expect(parseArguments([])).toEqual({ kind: 'demo' });
	});

	it.each([['--help'], ['-h'], [...account, '--help']])('shows the help for %s', (...argv) => {
		expect(parseArguments(argv)).toEqual({ kind: 'help' });
	});

	it.each([
		[[], 'tls', 993],
		[['--security', 'tls'], 'tls', 993],
		[['--security', 'starttls'], 'starttls', 143],
		[['--security', 'none'], 'none', 143],
		[['--security', 'starttls', '--port', '1143'], 'starttls', 1143],
	] as const)('takes the usual port unless another is given: %j', (more, security, port) => {
		expect(parseArguments([...account, ...more])).toEqual({
			kind: 'report',
			host: 'imap.example.com',
			user: 'ann@example.com',
			security,
			port,
		});
	});

	it('takes a file of trusted certificates', () => {
		expect(parseArguments([...account, '--ca', 'ca.pem'])).toMatchObject({ caFile: 'ca.pem' });
	});

	it.each([
		[['--host', 'imap.example.com'], '--user is missing'],
		[['--user', 'ann'], '--host is missing'],
		[['--host', ' ', '--user', 'ann'], '--host is missing'],
		[['--security', 'tls'], '--host and --user are missing'],
		[['--port', '993'], '--host and --user are missing'],
		[[...account, '--security', 'ssl'], 'tls, starttls or none, not "ssl"'],
		[[...account, '--port', '0'], '--port takes a number from 1 to 65535'],
		[[...account, '--port', '65536'], '--port takes a number from 1 to 65535'],
		[[...account, '--port', '9e2'], '--port takes a number from 1 to 65535'],
		[[...account, '--once'], "Unknown option '--once'"],
		[['imap.example.com'], "Unexpected argument 'imap.example.com'"],
		[['--host'], "'--host <value>' argument missing"],
	])('refuses %j in one line', (argv, words) => {
		let message = '';
		try {
			parseArguments(argv);
		} catch (error) {
			expect(error).toBeInstanceOf(UsageError);
			message = (error as Error).message;
		}
		expect(message).toContain(words);
		expect(message).not.toContain('\n');
	});

	it('takes no password, and repeats none', () => {
		const refused = () => parseArguments([...account, '--password', 'swordfish']);
		expect(refused).toThrow('IMAP4_PASSWORD');
		expect(refused).not.toThrow('swordfish');
	});
});
