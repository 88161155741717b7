/**
 * Answers the challenges of one SASL exchange (RFC 4422 §3). Without a challenge yet it is called
 * with no octets, for the mechanism's initial response.
 * @returns the octets to send, or undefined to cancel the exchange
 */
export type Responder = (
	challenge: Buffer,
) => Buffer | string | undefined | Promise<Buffer | string | undefined>;

export interface Mechanism {
	/** As the server lists it: `PLAIN`, `CRAM-MD5` … */
	name: string;
	/** The client speaks first (RFC 4422 §4.1), so its words can go with the command (SASL-IR). */
	clientFirst: boolean;
	respond: Responder;
	/** How often the client speaks in a login that succeeds; not known of a caller's own mechanism. */
	steps?: number;
	/** A challenge after these steps is a refusal, with the reason in it (RFC 7628 §3.2.2). */
	refusesByChallenge?: boolean;
	/** Called when the server has accepted. @throws Imap4Error if it must not be believed */
	confirm?(): void;
}
