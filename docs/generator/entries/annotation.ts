import { box, type Entries } from './entry';

const NEEDS = {
	needs: ['METADATA', 'METADATA-SERVER', 'ANNOTATEMORE'],
	uses: { METADATA: 'its forerunner ANNOTATEMORE is asked' },
	errors: ['NONEXISTENT', 'NOPERM', 'NO'],
} as const;

const comment = { place: 'mailbox', mailbox: box('INBOX'), entry: '/private/comment' };

export const annotationEntries: Entries = {
	'imap4Annotation.annotation.delete': {
		...NEEDS,
		example: { says: 'The comment on INBOX is deleted:', parameters: comment },
	},
	'imap4Annotation.annotation.get': {
		...NEEDS,
		notes: ['An annotation that is not there has the value `null`, and `exists` is `false`.'],
		example: { says: 'The comment on INBOX:', parameters: comment },
		mistakes: [
			{ when: 'The name lacks its beginning', parameters: { ...comment, entry: '/comment' } },
		],
	},
	'imap4Annotation.annotation.getMany': {
		...NEEDS,
		example: {
			says: 'What programs have noted of INBOX:',
			parameters: { place: 'mailbox', mailbox: box('INBOX'), below: '/vendor' },
		},
	},
	'imap4Annotation.annotation.set': {
		...NEEDS,
		notes: [
			'Only `/private` entries belong to you alone. Writing `/shared` entries may require the right to write annotations, or more; the server says so.',
		],
		example: {
			says: 'A comment on INBOX:',
			parameters: { ...comment, value: 'Tidied up every Monday' },
		},
	},
};
