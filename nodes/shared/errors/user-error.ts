/** A refusal of our own: what is wrong, and what to try. Nothing was changed. */
export class UserError extends Error {
	constructor(
		message: string,
		readonly advice?: string,
	) {
		super(message);
		this.name = 'UserError';
	}
}
