import type { Workload } from '../workload';

export const appendEach: Workload = {
	name: 'append-each',
	title: '200 APPENDs of 4 kB, issued at once',
	kind: 'append',
	places: ['dovecot', 'distant'],
	mailbox: 'few',
	appends: true,
	times: () => 200,
	run: (client, _tally, { target, messages }) => client.append(target, messages, false),
};

export const appendAll: Workload = {
	...appendEach,
	name: 'append-all',
	title: '1,000 messages of 4 kB, as one MULTIAPPEND where the client can',
	together: true,
	times: () => 1000,
	run: (client, _tally, { target, messages }) => client.append(target, messages, true),
};
