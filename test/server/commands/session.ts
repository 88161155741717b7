import { BadSyntax } from '../command-reader';
import type { CommandReader } from '../command-reader';
import type { CommandHandler, Session } from '../session';
import { Refusal } from '../store/account';

const ANY = ['not authenticated', 'authenticated', 'selected'] as const;
const FRESH = ['not authenticated'] as const;
const LOGGED_IN = ['authenticated', 'selected'] as const;

function logIn(session: Session, user: string, password: string): string {
	const account = session.settings.find(user);
	if (!account || account.password !== password) {
		throw new Refusal('AUTHENTICATIONFAILED', 'Authentication failed.');
	}
	session.account = account;
	session.state = 'authenticated';
	if (session.settings.alert) session.data(`OK [ALERT] ${session.settings.alert}`);
	return `[CAPABILITY ${session.capabilities.join(' ')}] Logged in`;
}

function privacy(session: Session): void {
	if (!session.mayLogIn) {
		throw new Refusal(
			'PRIVACYREQUIRED',
			'Plaintext authentication disallowed on non-secure (SSL/TLS) connections.',
		);
	}
}

/** A line of base64, or `*` to cancel. */
function decode(line: Buffer): string {
	const text = line.toString('latin1');
	if (text === '*') throw new BadSyntax('authentication cancelled');
	if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
		throw new BadSyntax('invalid base64');
	}
	return Buffer.from(text, 'base64').toString('utf8');
}

async function authenticate(session: Session, reader: CommandReader): Promise<string> {
	reader.space();
	const mechanism = reader.word();
	let initial: string | undefined;
	if (session.has('SASL-IR') && reader.take(' ')) {
		const given = reader.run(/[A-Za-z0-9+/=]/, 'an initial response');
		initial = given === '=' ? '' : decode(Buffer.from(given));
	}
	reader.end();
	if (mechanism !== 'PLAIN' && mechanism !== 'LOGIN')
		throw new Refusal('', 'Unsupported authentication mechanism.');
	privacy(session);
	if (mechanism === 'PLAIN') {
		const [actAs = '', user = '', password = ''] = (
			initial ?? decode(await session.wire.prompt(''))
		).split('\0');
		if (actAs !== '' && actAs !== user)
			throw new Refusal('AUTHORIZATIONFAILED', 'Acting as another user is not allowed.');
		return logIn(session, user, password);
	}
	const user = initial ?? decode(await session.wire.prompt('VXNlcm5hbWU6'));
	return logIn(session, user, decode(await session.wire.prompt('UGFzc3dvcmQ6')));
}

async function idle(session: Session): Promise<string> {
	session.tell(true);
	session.onNews = () => session.tell(true);
	try {
		const line = await session.wire.prompt('idling');
		if (line.toString('latin1').toUpperCase() !== 'DONE') throw new BadSyntax('expected DONE');
	} finally {
		session.onNews = undefined;
	}
	return 'Idle completed.';
}

/** RFC 3501 §6.1, §6.2 and the extensions that concern the session. */
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
	LOGIN: {
		states: FRESH,
		run(session, reader) {
			reader.space();
			const user = reader.astring().toString('utf8');
			reader.space();
			const password = reader.astring().toString('utf8');
			reader.end();
			privacy(session);
			return logIn(session, user, password);
		},
	},
	AUTHENTICATE: { states: FRESH, run: authenticate },
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
		states: ['authenticated'],
		needs: 'ENABLE',
		run(session, reader) {
			while (reader.take(' ')) reader.atom();
			reader.end();
			// Nothing that is offered here can be enabled; unknown names are passed over (RFC 5161 §3.1).
			session.data('ENABLED');
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
