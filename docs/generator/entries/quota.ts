import { box, type Entries } from './entry';

const NEEDS = { needs: ['QUOTA'], errors: ['NONEXISTENT', 'NOPERM'] } as const;

export const quotaEntries: Entries = {
	'imap4Quota.quota.get': {
		...NEEDS,
		example: { says: 'The quota of the account:', parameters: { root: '' } },
	},
	'imap4Quota.quota.getMany': {
		...NEEDS,
		notes: [
			'`STORAGE` is in units of 1,024 bytes (`KB`). A mailbox without any limit returns one item whose `resource` is `null`.',
		],
		example: { says: 'What INBOX counts against:', parameters: { mailbox: box('INBOX') } },
	},
	'imap4Quota.quota.set': {
		...NEEDS,
		notes: [
			"On most servers, only administrators can do this. SETQUOTA removes every limit that it doesn't name: the node reads the others first and names them again, unless _Remove Other Limits_ is on.",
		],
		errors: ['NONEXISTENT', 'NOPERM', 'NO'],
		example: {
			says: 'Two gigabytes:',
			parameters: { root: '', limits: { limit: [{ resource: 'STORAGE', limit: 2097152 }] } },
		},
		mistakes: [
			{ when: 'No limit is entered', parameters: { root: '', limits: {} } },
			{
				when: 'A limit is not a whole number',
				parameters: { root: '', limits: { limit: [{ resource: 'STORAGE', limit: 1.5 }] } },
			},
		],
	},
};
