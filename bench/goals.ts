import type { ClientName } from './options';
import type { Place } from './workload';

/** What the engine is to reach at most, as a multiple of another client's figure. */
export interface Goal {
	workload: string;
	/** Everywhere, if not given. */
	places?: readonly Place[];
	what: 'cpu' | 'wall' | 'memory';
	/** Compared with this client; an absolute figure in MB without. */
	of?: ClientName;
	most: number;
}

/**
 * Where a server has to find what it sends. Next to the replay server, which does not, a client
 * that reads the answers cannot be nearly as fast as one that throws them away.
 */
const SERVED: Place[] = ['dovecot', 'distant'];

const goal = (
	workload: string,
	what: Goal['what'],
	of: ClientName | undefined,
	most: number,
	...places: Place[]
): Goal => ({ workload, what, of, most, places: places.length > 0 ? places : undefined });

const bodies = (workload: string): Goal[] => [
	goal(workload, 'cpu', 'raw-keep', 2),
	goal(workload, 'wall', 'raw', 1.25, ...SERVED),
	goal(workload, 'memory', undefined, 95),
];

export const goals: readonly Goal[] = [
	goal('logins', 'cpu', 'imapflow', 0.35),
	goal('logins', 'wall', 'raw', 1.2, ...SERVED),
	goal('envelopes', 'cpu', 'imapflow', 0.2),
	goal('envelopes', 'cpu', 'node-imap', 0.45),
	goal('envelopes', 'wall', 'raw', 1.6, ...SERVED),
	goal('envelopes', 'memory', undefined, 110),
	goal('structures', 'cpu', 'imapflow', 0.25),
	goal('structures', 'cpu', 'node-imap', 0.5),
	goal('structures', 'wall', 'raw', 2, ...SERVED),
	goal('structures', 'memory', undefined, 130),
	goal('chunks-7', 'cpu', 'raw', 1.3),
	...bodies('small-bodies'),
	...bodies('large-bodies'),
	goal('one-body', 'cpu', 'raw-keep', 1.2),
	goal('one-body', 'wall', 'raw', 1.25, ...SERVED),
	// The process at its start, with the engine loaded, is about 60 MB.
	goal('one-body', 'memory', undefined, 124),
	goal('searches', 'cpu', 'node-imap', 0.5),
	goal('searches', 'wall', 'raw', 1.1, ...SERVED),
	goal('flag-all', 'cpu', 'imapflow', 0.05),
	goal('flag-all', 'wall', 'raw', 2, ...SERVED),
	goal('flag-each', 'wall', 'raw', 1.3, 'distant'),
	goal('append-each', 'wall', 'raw', 1.3, 'distant'),
	goal('append-all', 'wall', 'raw', 1.1),
	goal('append-all', 'wall', 'imapflow', 1 / 1.2, 'dovecot'),
	goal('append-all', 'wall', 'node-imap', 1 / 1.2, 'dovecot'),
	goal('append-all', 'wall', 'imapflow', 1 / 50, 'distant'),
	goal('append-all', 'wall', 'node-imap', 1 / 50, 'distant'),
];
