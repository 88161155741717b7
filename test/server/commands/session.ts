import { BadSyntax } from '../command-reader';
import { ENABLE } from '../extensions/enable';
import type { CommandHandler, Session } from '../session';

const ANY = ['not authenticated', 'authenticated', 'selected'] as const;
const FRESH = ['not authenticated'] as const;
const LOGGED_IN = ['authenticated', 'selected'] as const;

async function idle(session: Session): Promise<string> {
	if (!session.settings.silentIdle) {
		session.tell(true);
		session.onNews = () => session.tell(true);
	}
	try {
		session.busy = false;
		const line = await session.wire.prompt('idling');
		session.busy = true;
		if (line.toString('latin1').toUpperCase() !== 'DONE') throw new BadSyntax('expected DONE');
	} finally {
		session.onNews = undefined;
	}
	return 'Idle completed.';
}

/** RFC 3501 §6.1, STARTTLS, and the extensions that concern the session. */
export const sessionCommands: Record<string, CommandHandler> = {
	CAPABILITY: {
		states: ANY,
		run(session, reader) {
			reader.end();
			session.data(`CAPABILITY ${session.capabilities.join(' ')}`);
			return 'Capability completed.';
		},
	},
	NOOP: {
		states: ANY,
		run(_session, reader) {
			reader.end();
			return 'NOOP completed.';
		},
	},
	GETJMAPACCESS: {
		states: LOGGED_IN,
		needs: 'JMAPACCESS',
		run(session, reader) {
			reader.end();
			session.data('JMAPACCESS "https://mail.example.org/jmap"');
			return 'GETJMAPACCESS completed.';
		},
	},
	ID: {
		states: ANY,
		needs: 'ID',
		run(session, reader) {
			reader.space();
			if (reader.peek() === '(') {
				reader.list(() => {
					const text = reader.peek() === '"' ? reader.string().toString() : reader.word();
					return text;
				}, true);
			} else if (reader.word() !== 'NIL') throw new BadSyntax('expected NIL or a list');
			reader.end();
			session.data('ID ("name" "In-memory IMAP4 server")');
			return 'ID completed.';
		},
	},
	STARTTLS: {
		states: FRESH,
		needs: 'STARTTLS',
		run(session, reader) {
			reader.end();
			session.wire.startTls();
			return 'Begin TLS negotiation now.';
		},
	},
	ENABLE: {
		// A server need not insist that no mailbox is selected (RFC 5161 §3.1).
		states: LOGGED_IN,
		needs: 'ENABLE',
		run(session, reader) {
			const names: string[] = [];
			while (reader.take(' ')) names.push(reader.word());
			reader.end();
			// Unknown names are passed over (RFC 5161 §3.1).
			const known = names.filter((name) => Object.hasOwn(ENABLE, name) && session.has(name));
			for (const name of known) ENABLE[name]?.(session);
			session.data(['ENABLED', ...known].join(' '));
			return 'Enabled.';
		},
	},
	IDLE: {
		states: LOGGED_IN,
		needs: 'IDLE',
		run(session, reader) {
			reader.end();
			return idle(session);
		},
	},
	LOGOUT: {
		states: ANY,
		run(session, reader) {
			reader.end();
			session.leave();
			session.data('BYE Logging out');
			session.state = 'logout';
			return 'Logout completed.';
		},
	},
};
