import { box, type Entries } from './entry';

const inbox = { mailbox: box('INBOX') };
const NEEDS = { needs: ['ACL'], errors: ['NONEXISTENT', 'NOPERM'] } as const;

export const accessEntries: Entries = {
	'imap4Acl.access.delete': {
		...NEEDS,
		example: {
			says: 'Bert may do nothing any more:',
			parameters: { ...inbox, identifier: 'bert' },
		},
		mistakes: [{ when: 'Nobody is named', parameters: { ...inbox, identifier: '={{ "" }}' } }],
	},
	'imap4Acl.access.getMany': {
		...NEEDS,
		notes: ['To see the list, the account needs the right to administer the mailbox (`a`).'],
		example: { says: 'Who may do what in INBOX:', parameters: inbox },
	},
	'imap4Acl.access.getMyRights': {
		...NEEDS,
		example: { says: 'What the account itself may do:', parameters: inbox },
	},
	'imap4Acl.access.getPossibleRights': {
		...NEEDS,
		notes: [
			'`required` is always granted; each text of `optional` is granted or refused as a whole.',
		],
		example: {
			says: 'What could be granted to Bert:',
			parameters: { ...inbox, identifier: 'bert' },
		},
	},
	'imap4Acl.access.set': {
		...NEEDS,
		notes: [
			'The names of users and groups are the server’s own: _Get Many_ shows how it writes them. The output contains the resulting rights; some servers add or remove some.',
		],
		example: {
			says: 'Bert may also store and delete messages:',
			parameters: { ...inbox, identifier: 'bert', rightsFrom: 'role', role: 'contributor' },
		},
		mistakes: [
			{
				when: 'No right is selected',
				parameters: { ...inbox, identifier: 'bert', rightsFrom: 'list', rights: [] },
			},
		],
	},
};
