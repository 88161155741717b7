/**
 * What to do when the connection ends during a command that changes something: the server may have carried it
 * out, and nothing can show it. What can be repeated without harm, such as a change of flags, is not in the list.
 */
const check = (done: string, twice = ''): string =>
	`The server may have ${done} anyway. Check that before you run this again${twice}.`;
const passOver = (done: string): string =>
	`The server may have ${done} the messages anyway. Run this again with "Accept Missing Messages" on, which passes over those that it ${done}.`;

/** By command. */
export const UNFINISHED: Readonly<Record<string, string>> = {
	APPEND: check('stored the message', ', or it may be stored twice'),
	'UID COPY': check('copied the messages', ', or they may be copied twice'),
	'UID MOVE': passOver('moved'),
	'UID EXPUNGE': passOver('deleted'),
	EXPUNGE: passOver('deleted'),
	CREATE: check('created the mailbox'),
	DELETE: check('deleted the mailbox'),
	RENAME: check('renamed the mailbox'),
};
