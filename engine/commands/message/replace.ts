import type { Command } from '../command';
import { SELECTED } from '../command';
import { Imap4Error } from '../../errors';
import { applyToMailbox } from '../apply-unsolicited';
import { raw } from '../../wire/writer';
import type { Appended, AppendedMessage } from './append';
import { append } from './append';

/**
 * REPLACE and UID REPLACE (RFC 8508): a new message in place of one that is there, in one step.
 * @returns where the new one is; undefined if the server does not report it
 * @throws Imap4Error ARGUMENT if the number is not a whole number from 1, or the message is not valid
 */
export function replace(
	number: number,
	to: string,
	message: AppendedMessage,
	uid: boolean,
	utf8: boolean,
): Command<Appended | undefined> {
	if (!Number.isInteger(number) || number < 1)
		throw new Imap4Error('ARGUMENT', `${number} is not a message number`);
	const { args, done, needs = [] } = append(to, [message], utf8);
	let appended: Appended | undefined;
	return {
		name: uid ? 'UID REPLACE' : 'REPLACE',
		args: [raw(String(number)), ...args],
		states: SELECTED,
		changesMailbox: true,
		pipelining: uid ? 'free' : 'numbers, renumbering',
		needs: ['REPLACE', ...needs],
		accepts(response, session) {
			if (response.type === 'status' && response.code?.name === 'APPENDUID') {
				[appended] = done(
					{ type: 'tagged', tag: '', status: 'OK', code: response.code, text: '' },
					session,
				);
				return true;
			}
			if (response.type !== 'EXPUNGE') return false;
			if (session.mailbox) applyToMailbox(session.mailbox, response);
			return true;
		},
		done: (completion, session) => appended ?? done(completion, session)[0],
	};
}
