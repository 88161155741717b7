import { UserError } from '../errors/user-error';
import { reasonFor } from './message-reading';

/** A message that is there, and that the server does not return. @param error its refusal, if there was one */
export const unreadMessage = (uid: number, error: Error | undefined): UserError =>
	new UserError(
		`The message with UID ${uid} cannot be read: ${reasonFor(error)}`,
		'Nothing was done with it. Look at it in a mail program; its server may have damaged it.',
	);
