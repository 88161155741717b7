import type { Workload } from '../workload';
import { once } from '../workload';

export const smallBodies: Workload = {
	name: 'small-bodies',
	title: '2,000 bodies of 4.8 kB',
	kind: 'bodies',
	places: ['dovecot', 'replay'],
	mailbox: 'small',
	times: once,
	run: (client, tally) => client.bodies(tally),
};

export const largeBodies: Workload = {
	...smallBodies,
	name: 'large-bodies',
	title: '200 bodies of 380 kB',
	mailbox: 'large',
};

export const oneBody: Workload = {
	name: 'one-body',
	title: 'one body of 100 MB, streamed',
	kind: 'stream',
	places: ['dovecot', 'replay', 'distant'],
	mailbox: 'huge',
	times: once,
	run: (client, tally) => client.stream(tally),
};
