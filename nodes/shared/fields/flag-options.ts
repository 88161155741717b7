import type { INodePropertyOptions } from 'n8n-workflow';

/** The system flags that clients may change (RFC 9051 §2.3.2), as people know them. */
export const systemFlagOptions: INodePropertyOptions[] = [
	{ name: 'Answered', value: '\\Answered', description: 'A reply was sent (\\Answered)' },
	{ name: 'Deleted', value: '\\Deleted', description: 'Marked for Expunge (\\Deleted)' },
	{ name: 'Draft', value: '\\Draft', description: 'Not finished yet (\\Draft)' },
	{ name: 'Flagged', value: '\\Flagged', description: 'Starred (\\Flagged)' },
	{ name: 'Read', value: '\\Seen', description: 'Has been read (\\Seen)' },
];
