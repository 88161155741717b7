/** How a flow says that it is done with a message: a keyword, which the trigger waits for. */

/** Starts with no `$`, since those are registered names (RFC 5788). */
export const ACKNOWLEDGED = 'n8nAcknowledged';
