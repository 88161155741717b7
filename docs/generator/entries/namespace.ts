import type { Entries } from './entry';

export const namespaceEntries: Entries = {
	'imap4Namespace.namespace.getMany': {
		needs: ['NAMESPACE'],
		notes: [
			'The names of such mailboxes begin with `prefix`, and `delimiter` separates their levels.',
		],
		errors: [],
		example: { says: 'Where mailboxes are:' },
	},
};
