import type { Workload } from '../workload';
import { once } from '../workload';

export const envelopes: Workload = {
	name: 'envelopes',
	title: '10,000 × UID FLAGS INTERNALDATE SIZE ENVELOPE',
	kind: 'envelopes',
	places: ['dovecot', 'replay'],
	mailbox: 'many',
	times: once,
	run: (client, tally) => client.envelopes(false, tally),
};
