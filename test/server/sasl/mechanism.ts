import type tls from 'node:tls';
import type { Settings, Wire } from '../session';
import { Refusal } from '../store/account';

/** Who has proved to be who, and whom they want to act as; '' for themselves (RFC 4422 §3.4.1). */
export interface Proven {
	user: string;
	actAs: string;
}

/** One authentication as a mechanism sees it (RFC 4422 §3): challenges out, responses in. */
export interface Exchange {
	readonly settings: Settings;
	readonly tls: tls.TLSSocket | undefined;
	/**
	 * What the client says first: its initial response, or what it answers to this challenge.
	 * @throws BadSyntax if it cancels
	 */
	first(challenge?: string): Promise<Buffer>;
	/** @returns the response to a challenge. @throws BadSyntax if the client cancels */
	ask(challenge: string): Promise<Buffer>;
}

/** A SASL mechanism, the server's side. */
export interface Mechanism {
	/** Whoever reads along learns the password, or what is as good. */
	readonly showsSecret: boolean;
	/** The server speaks first: an initial response is an error (RFC 4959 §3). */
	readonly serverFirst?: boolean;
	/** Whether it makes sense here; always, unless said. */
	possible?(settings: Settings, wire: Wire): boolean;
	/** @throws Refusal, BadSyntax */
	run(exchange: Exchange): Promise<Proven>;
}

/** The same whether the user or the password is wrong. */
export function failed(): Refusal {
	return new Refusal('AUTHENTICATIONFAILED', 'Authentication failed.');
}
