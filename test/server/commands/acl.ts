import { BadSyntax } from '../command-reader';
import type { CommandReader } from '../command-reader';
import type { CommandHandler, Session } from '../session';
import { RIGHTS } from '../store/access-list';
import type { Mailbox } from '../store/mailbox';
import { writtenString } from '../written-string';

const LOGGED_IN = ['authenticated', 'selected'] as const;

/** Reads ` mailbox`. @throws Refusal NONEXISTENT, once all is read */
function readMailbox(session: Session, reader: CommandReader): { name: string; find(): Mailbox } {
	reader.space();
	const name = session.mailboxName(reader);
	return { name, find: () => session.user.mailbox(name) };
}

function readIdentifier(reader: CommandReader): string {
	reader.space();
	const identifier = reader.astring().toString('utf8');
	if (identifier === '' || identifier === '-') throw new BadSyntax('the identifier is empty');
	return identifier;
}

/** `+lr`, `-w`, `lrs` (RFC 4314 §3.1): letters that are no rights are refused, capitals too. */
function readRights(reader: CommandReader): { rights: string; change: '+' | '-' | '' } {
	reader.space();
	const match = /^([+-]?)([a-z]*)$/.exec(reader.astring().toString('latin1'));
	const rights = match?.[2] ?? '';
	if (!match || [...rights].some((right) => !`${RIGHTS}cd`.includes(right)))
		throw new BadSyntax('there are no such rights');
	return { rights, change: match[1] as '+' | '-' | '' };
}

/** ACL (RFC 4314 §3). */
export const aclCommands: Record<string, CommandHandler> = {
	SETACL: {
		states: LOGGED_IN,
		needs: 'ACL',
		run(session, reader) {
			const mailbox = readMailbox(session, reader);
			const identifier = readIdentifier(reader);
			const { rights, change } = readRights(reader);
			reader.end();
			mailbox.find().access.set(identifier, rights, change);
			return 'Setacl completed.';
		},
	},
	DELETEACL: {
		states: LOGGED_IN,
		needs: 'ACL',
		run(session, reader) {
			const mailbox = readMailbox(session, reader);
			const identifier = readIdentifier(reader);
			reader.end();
			mailbox.find().access.delete(identifier);
			return 'Deleteacl completed.';
		},
	},
	GETACL: {
		states: LOGGED_IN,
		needs: 'ACL',
		run(session, reader) {
			const mailbox = readMailbox(session, reader);
			reader.end();
			const pieces: (string | Buffer)[] = [`ACL ${session.written(mailbox.name)}`];
			for (const [identifier, rights] of mailbox.find().access.entries())
				pieces.push(' ', ...writtenString(identifier), ` ${rights}`);
			session.data(...pieces);
			return 'Getacl completed.';
		},
	},
	LISTRIGHTS: {
		states: LOGGED_IN,
		needs: 'ACL',
		run(session, reader) {
			const mailbox = readMailbox(session, reader);
			const identifier = readIdentifier(reader);
			reader.end();
			const required = mailbox.find().access.required(identifier);
			const optional = [...RIGHTS].filter((right) => !required.includes(right));
			session.data(
				`LISTRIGHTS ${session.written(mailbox.name)} `,
				...writtenString(identifier),
				` ${required || '""'} ${optional.join(' ')}`,
			);
			return 'Listrights completed.';
		},
	},
	MYRIGHTS: {
		states: LOGGED_IN,
		needs: 'ACL',
		run(session, reader) {
			const mailbox = readMailbox(session, reader);
			reader.end();
			const rights = mailbox.find().access.rightsOf(session.user.user);
			session.data(`MYRIGHTS ${session.written(mailbox.name)} ${rights || '""'}`);
			return 'Myrights completed.';
		},
	},
};
