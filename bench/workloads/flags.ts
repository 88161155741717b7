import type { Workload } from '../workload';
import { once } from '../workload';

export const flagAll: Workload = {
	name: 'flag-all',
	title: 'STORE on 10,000, twice',
	kind: 'flag-all',
	places: ['dovecot', 'replay'],
	mailbox: 'many',
	times: once,
	run: (client) => client.flagAll(),
};

export const flagEach: Workload = {
	name: 'flag-each',
	title: '200 STOREs of one message each, issued at once',
	kind: 'flag-each',
	places: ['dovecot', 'distant'],
	mailbox: 'many',
	times: () => 200,
	run: (client, _tally, { times }) => client.flagEach(times),
};
