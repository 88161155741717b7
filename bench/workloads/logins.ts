import type { Workload } from '../workload';

export const logins: Workload = {
	name: 'logins',
	title: 'connect, log in, log out, one after the other',
	kind: 'logins',
	places: ['dovecot', 'replay', 'distant'],
	times: (place) => (place === 'distant' ? 20 : 200),
	async run(client, _tally, { account, times }) {
		for (let at = 0; at < times; at++) {
			await client.open(account);
			await client.close();
		}
	},
};
