import type { UntaggedResponse } from '../grammar/response';
import type { Trace } from './trace';
import type { Limits } from '../wire/limits';

export interface SessionOptions {
	limits: Limits;
	/** Milliseconds without progress, of the greeting and of any command. */
	timeouts: { greeting: number; command: number };
	trace?: Trace;
	/** STARTTLS is yet to come: clear text could come from anyone, so it is not passed on. */
	tlsRequired?: boolean;
	/** Tokens and administrators' logins may go in clear text. */
	clearTextAllowed?: boolean;
	/** Told of untagged responses that no command asked for. */
	unsolicited?: (response: UntaggedResponse) => void;
}
