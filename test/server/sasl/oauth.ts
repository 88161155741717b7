import { BadSyntax } from '../command-reader';
import type { Exchange, Mechanism, Proven } from './mechanism';
import { failed } from './mechanism';

/** Google's and Microsoft's: `user=…^Aauth=Bearer …^A^A`; a refusal is answered by nothing. */
export const xoauth2: Mechanism = {
	showsSecret: true,
	possible: ({ tokenOwner }) => tokenOwner !== undefined,
	async run(exchange) {
		const text = (await exchange.first()).toString('utf8');
		// eslint-disable-next-line no-control-regex -- ^A separates the fields
		const match = /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/i.exec(text);
		if (!match) throw new BadSyntax('XOAUTH2 has a user and a bearer token');
		const challenge = { status: '401', schemes: 'bearer', scope: 'https://mail.invalid/' };
		return owner(exchange, match[1] as string, match[2] as string, challenge, '');
	},
};

/** RFC 7628 §3.1: `n,a=user,^A` and fields, `auth` among them. */
export const oauthBearer: Mechanism = {
	showsSecret: true,
	possible: ({ tokenOwner }) => tokenOwner !== undefined,
	async run(exchange) {
		const text = (await exchange.first()).toString('utf8');
		// eslint-disable-next-line no-control-regex -- ^A separates the fields
		const match = /^[ny],(?:a=([^,]*))?,\x01((?:[A-Za-z]+=[^\x01]*\x01)*)\x01$/.exec(text);
		const fields = match?.[2]?.split('\x01') ?? [];
		const token = fields.map((field) => /^auth=Bearer (.*)$/i.exec(field)?.[1]).find(Boolean);
		if (!match || token === undefined)
			throw new BadSyntax('OAUTHBEARER has a GS2 header and a bearer token');
		const user = (match[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
		return owner(exchange, user, token, { status: 'invalid_token', scope: 'mail' }, '\x01');
	},
};

/**
 * @param user whom the client names; '' for whom the token names
 * @param challenge tells why it is refused, before the tagged NO does (RFC 7628 §3.2.2)
 * @param acknowledgement what the client must answer then (RFC 7628 §3.2.3)
 */
async function owner(
	{ settings, ask }: Exchange,
	user: string,
	token: string,
	challenge: Record<string, string>,
	acknowledgement: string,
): Promise<Proven> {
	const owned = settings.tokenOwner?.(token);
	if (owned !== undefined && settings.find(owned)) {
		const actAs = user === owned ? '' : user;
		if (actAs === '' || settings.mayActAs?.(owned, actAs)) return { user: owned, actAs };
	}
	const answer = (await ask(JSON.stringify(challenge))).toString('latin1');
	if (answer !== acknowledgement) throw new BadSyntax('the reason must be acknowledged');
	throw failed();
}
