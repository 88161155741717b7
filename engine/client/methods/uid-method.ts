import type { Expunged } from '../../commands/mailbox/expunge';
import { Imap4Error } from '../../errors';
import type { SequenceSetLike } from '../../grammar/sequence-set';
import { MessageMethods } from './message-methods';

/** The commands that have a UID form (RFC 9051 §6.4.9 and extensions), and where their options stand. */
const UID_FORMS = {
	COPY: { method: 'copy', options: 2 },
	FETCH: { method: 'fetch', options: 2 },
	MOVE: { method: 'move', options: 2 },
	REPLACE: { method: 'replace', options: 3 },
	SEARCH: { method: 'search', options: 1 },
	SORT: { method: 'sort', options: 2 },
	STORE: { method: 'store', options: 3 },
	THREAD: { method: 'thread', options: 2 },
} as const;

export type UidCommand = keyof typeof UID_FORMS;
type Method<Name extends UidCommand> = MessageMethods[(typeof UID_FORMS)[Name]['method']];

/** imaplib's uid(): the commands on messages by name, with UIDs in place of sequence numbers. */
export abstract class UidMethod extends MessageMethods {
	/**
	 * The UID form of a command: the same arguments and result as the method of its name, with
	 * `uid: true`. `imap.uid('STORE', '5', '+FLAGS', ['\\Seen'])`
	 * @throws Imap4Error ARGUMENT for a command that has none
	 */
	uid<Name extends UidCommand>(
		command: Name,
		...args: Parameters<Method<Name>>
	): ReturnType<Method<Name>>;
	/** UID EXPUNGE (RFC 4315 §2.1); needs UIDPLUS. */
	uid(command: 'EXPUNGE', set: SequenceSetLike): Promise<Expunged>;
	uid(command: string, ...args: unknown[]): unknown {
		const name = command.toUpperCase();
		if (name === 'EXPUNGE') return this.expunge({ uid: args[0] as SequenceSetLike });
		if (!Object.hasOwn(UID_FORMS, name)) {
			const known = [...Object.keys(UID_FORMS), 'EXPUNGE'].join(', ');
			throw new Imap4Error(
				'ARGUMENT',
				`"${command.slice(0, 40)}" has no UID form; these have one: ${known}`,
			);
		}
		const { method, options } = UID_FORMS[name as UidCommand];
		const given = Array.from({ length: options }, (_, index) => args[index]);
		const run = this[method] as (...all: unknown[]) => unknown;
		return run.apply(this, [...given, { ...(args[options] as object | undefined), uid: true }]);
	}
}
