import type { Entries } from './entry';

export const namespaceEntries: Entries = {
	'imap4Namespace.namespace.getMany': {
		needs: ['NAMESPACE'],
		notes: [
			'`prefix` is how the names of such mailboxes begin, `delimiter` what separates their levels: to create a mailbox anywhere, join them.',
		],
		errors: [],
		example: { says: 'Where mailboxes are:' },
	},
};
