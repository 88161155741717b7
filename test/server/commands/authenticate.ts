import { mayShowPassword, mayUseLogin } from '../capabilities';
import type { CommandReader } from '../command-reader';
import { BadSyntax } from '../command-reader';
import type { Exchange } from '../sasl/mechanism';
import { mechanismNamed, offeredMechanisms } from '../sasl/mechanisms';
import { checkPassword } from '../sasl/password';
import type { CommandHandler, Session } from '../session';
import { Refusal } from '../store/account';

const FRESH = ['not authenticated'] as const;

/** @throws Refusal AUTHORIZATIONFAILED */
export function actAs(session: Session, user: string, other: string): void {
	const account = session.settings.find(other);
	if (!account || (other !== user && !session.settings.mayActAs?.(user, other)))
		throw new Refusal('AUTHORIZATIONFAILED', 'Acting as another user is not allowed.');
	session.account = account;
}

/** Lets a user in who has proved to be one. @returns the text of the OK */
function letIn(session: Session, user: string, other = ''): string {
	actAs(session, user, other === '' ? user : other);
	session.loggedInAs = user;
	session.state = 'authenticated';
	if (session.settings.alert) session.data(`OK [ALERT] ${session.settings.alert}`);
	return `[CAPABILITY ${session.capabilities.join(' ')}] Logged in`;
}

function needPrivacy({ settings, wire }: Session): void {
	if (mayShowPassword(settings, wire)) return;
	throw new Refusal(
		'PRIVACYREQUIRED',
		'Plaintext authentication disallowed on non-secure (SSL/TLS) connections.',
	);
}

/** A line of base64, or `*` to cancel (RFC 3501 §6.2.2). */
function decode(line: Buffer): Buffer {
	const text = line.toString('latin1');
	if (text === '*') throw new BadSyntax('authentication cancelled');
	if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
		throw new BadSyntax('invalid base64');
	}
	return Buffer.from(text, 'base64');
}

/** Reads ` aGVsbG8=`, if it is there; `=` is an initial response of no octets (RFC 4959 §3). */
function readInitial(session: Session, reader: CommandReader): Buffer | undefined {
	if (!session.has('SASL-IR') || !reader.take(' ')) return undefined;
	const given = reader.run(/[A-Za-z0-9+/=]/, 'an initial response');
	return given === '=' ? Buffer.alloc(0) : decode(Buffer.from(given));
}

async function authenticate(session: Session, reader: CommandReader): Promise<string> {
	const { settings, wire } = session;
	reader.space();
	const name = reader.word();
	const initial = readInitial(session, reader);
	reader.end();
	const mechanism = mechanismNamed(name);
	if (mechanism?.showsSecret) needPrivacy(session);
	if (!mechanism || !offeredMechanisms(settings, wire).includes(name))
		throw new Refusal('', 'Unsupported authentication mechanism.');
	if (mechanism.serverFirst && initial) throw new BadSyntax(`${name} has no initial response`);
	const ask = async (challenge: string): Promise<Buffer> =>
		decode(await wire.prompt(Buffer.from(challenge).toString('base64')));
	const exchange: Exchange = {
		settings,
		tls: wire.tls,
		first: async (challenge = '') => initial ?? ask(challenge),
		ask,
	};
	const proven = await mechanism.run(exchange);
	return letIn(session, proven.user, proven.actAs);
}

/** The ways in (RFC 3501 §6.2.2, §6.2.3). */
export const loginCommands: Record<string, CommandHandler> = {
	AUTHENTICATE: { states: FRESH, run: authenticate },
	LOGIN: {
		states: FRESH,
		run(session, reader) {
			reader.space();
			const user = reader.astring().toString('utf8');
			reader.space();
			const password = reader.astring().toString('utf8');
			reader.end();
			needPrivacy(session);
			if (!mayUseLogin(session.settings, session.wire))
				throw new Refusal('', 'The LOGIN command is disabled.');
			checkPassword(session.settings, user, password);
			return letIn(session, user);
		},
	},
};
