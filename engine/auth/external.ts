import type { Mechanism } from './mechanism';

/** SASL EXTERNAL (RFC 4422 appendix A): who we are is known otherwise, by a client certificate. */
export function external(actAs = ''): Mechanism {
	return { name: 'EXTERNAL', clientFirst: true, steps: 1, respond: () => actAs };
}
