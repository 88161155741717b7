/** A refusal with the response code that tells why (RFC 5530). */
export class Refusal extends Error {
	constructor(
		readonly code: string,
		message: string,
	) {
		super(message);
	}
}
