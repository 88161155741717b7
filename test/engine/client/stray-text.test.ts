/** What the user learns where something other than an IMAP4 server speaks, or one that takes leave in plain words. */
import { expect, test } from 'vitest';
import { strayTextError } from '../../../engine/client/stray-text';

const meaning = (text: string, withheld?: string): unknown => {
	const error = strayTextError(text, withheld);
	if (!error) return undefined;
	const { code, message, responseCode, serverText } = error;
	return { code, message, responseCode, serverText };
};

test.each([
	['220 mail.example ESMTP', 'an SMTP or FTP server'],
	['220-FileZilla', 'an SMTP or FTP server'],
	['554 go away', 'an SMTP or FTP server'],
	['500-no', 'an SMTP or FTP server'],
	['+OK POP3 ready', 'a POP3 server'],
	['-ERR no', 'a POP3 server'],
	['HTTP/1.1 400 Bad Request', 'a web server'],
	['SSH-2.0-OpenSSH', 'an SSH server'],
	['220 busy, try again later', 'an SMTP or FTP server'],
])('%s comes from another protocol', (text, who) => {
	expect(meaning(`${text}\r\n`)).toEqual({
		code: 'PROTOCOL',
		message: `This is ${who}, not an IMAP4 server; check host and port. It sent: ${text}`,
		responseCode: undefined,
		serverText: text,
	});
});

test.each([
	'2200 x',
	'x 220 y',
	'5000 messages',
	'a +OK',
	'x -ERR',
	'see HTTP/1.1',
	'no SSH-2',
	'220',
])('%s only looks like another protocol', (text) => {
	expect(meaning(text)).toEqual({
		code: 'PROTOCOL',
		message: `The server sent text that is not an IMAP4 response: ${text}`,
		responseCode: undefined,
		serverText: text,
	});
});

test.each([
	'421 closing',
	'421-closing',
	'Server busy',
	'service UNAVAILABLE',
	'Too many connections from your IP',
	'please try again',
	'temporary failure',
	'Overloaded',
	'down for maintenance',
	'come back later',
])('%s is temporary, so trying again is worth it', (text) => {
	expect(meaning(text)).toEqual({
		code: 'BYE',
		message: `The server is not available at the moment: ${text}`,
		responseCode: 'UNAVAILABLE',
		serverText: text,
	});
});

test.each(['4210 x', 'error 421 closing'])('%s has no reply code that means temporary', (text) => {
	expect(meaning(text)).toMatchObject({ code: 'PROTOCOL' });
});

test.each([
	['* BYE', 'it gave no reason', undefined, ''],
	['* BYE  ', 'it gave no reason', undefined, ''],
	['* BYE Goodbye', 'Goodbye', undefined, 'Goodbye'],
	['* bye see you', 'see you', undefined, 'see you'],
	['* BYE [ALERT] Maintenance of the house', 'Maintenance of the house', 'ALERT', undefined],
	['* BYE [alert] no', 'no', 'ALERT', 'no'],
	['* BYE [X-A some data] no', 'no', 'X-A', 'no'],
	['* BYE [] no', 'no', '', 'no'],
	['* BYE Too many connections', 'Too many connections', 'UNAVAILABLE', undefined],
	['Fatal error: * BYE out', 'Fatal error: out', undefined, 'Fatal error: out'],
	['Server busy * BYE', 'Server busy', 'UNAVAILABLE', 'Server busy'],
	['word  * BYE  [X]  out  ', 'word out', 'X', 'word out'],
])('%s is a farewell', (text, said, responseCode, serverText = said) => {
	expect(meaning(text)).toEqual({
		code: 'BYE',
		message: `The server ended the session: ${said}`,
		responseCode,
		serverText,
	});
});

test('a farewell is a word of its own', () => {
	expect(meaning('* BYELAW 3')).toMatchObject({ code: 'PROTOCOL' });
	expect(meaning('*BYE x')).toMatchObject({ code: 'PROTOCOL' });
});

test.each(['', '  ', '\r\n', '* OK', '* OK ready', '*OK', '* ok [x', '* PREAUTH hi', '*  preauth'])(
	'%j is not stray text: nothing, or the beginning of a greeting',
	(text) => {
		expect(meaning(text)).toBeUndefined();
	},
);

test.each(['* OKAY', 'x * OK', '* PREAUTHORIZED', '** OK'])('%s is no greeting', (text) => {
	expect(meaning(text)).toMatchObject({ code: 'PROTOCOL', serverText: text });
});

test('what could be forged is withheld, the words and the response code', () => {
	for (const [text, message, responseCode] of [
		['* BYE [ALERT] call 555-1234', 'The server ended the session: (withheld)', undefined],
		['* BYE [ALERT] too many', 'The server ended the session: (withheld)', 'UNAVAILABLE'],
		[
			'220 call 555-1234',
			'This is an SMTP or FTP server, not an IMAP4 server; check host and port. It sent: (withheld)',
			undefined,
		],
		['busy, call 555-1234', 'The server is not available at the moment: (withheld)', 'UNAVAILABLE'],
		['call 555-1234', 'The server sent text that is not an IMAP4 response: (withheld)', undefined],
	] as const)
		expect(meaning(text, '(withheld)')).toMatchObject({
			message,
			responseCode,
			serverText: '(withheld)',
		});
});
