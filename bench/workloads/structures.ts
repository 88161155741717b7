import type { Workload } from '../workload';
import { once } from '../workload';

export const structures: Workload = {
	name: 'structures',
	title: '10,000 × BODYSTRUCTURE ENVELOPE',
	kind: 'structures',
	places: ['dovecot', 'replay'],
	mailbox: 'many',
	times: once,
	run: (client, tally) => client.envelopes(true, tally),
};

/** What a network's packets make of it. */
export const chunks1460: Workload = {
	...structures,
	name: 'chunks-1460',
	title: '10,000 × BODYSTRUCTURE ENVELOPE, written 1,460 octets at a time',
	places: ['replay'],
	pieces: [1460, 1460],
};

/** The worst that a server could do. */
export const chunks7: Workload = {
	...structures,
	name: 'chunks-7',
	title: '400 × BODYSTRUCTURE ENVELOPE, written 1 to 7 octets at a time',
	places: ['replay'],
	mailbox: 'few',
	pieces: [1, 7],
};
