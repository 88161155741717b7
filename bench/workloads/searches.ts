import type { Workload } from '../workload';

export const searches: Workload = {
	name: 'searches',
	title: '50 × UID SEARCH ALL of 10,000',
	kind: 'searches',
	places: ['dovecot', 'replay'],
	mailbox: 'many',
	times: () => 50,
	async run(client, tally, { times }) {
		for (let at = 0; at < times; at++) await client.search(tally);
	},
};
