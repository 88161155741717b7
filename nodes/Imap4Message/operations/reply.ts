import type { Operation } from '../../shared/execution/operation';
import { draftProperties } from '../drafts/draft-fields';
import { onDrafts } from '../drafts/drafts';

export const reply: Operation = {
	name: 'Reply',
	value: 'reply',
	description:
		'Create a draft that replies to the sender of a message and quotes it (FETCH, APPEND)',
	forModel:
		'Use it to answer the sender of a message; a person sends the draft. Recipient, subject and quotation are filled in. Returns them and where the draft is stored. Never sends anything.',
	action: 'Reply to messages',
	foreignText: true,
	properties: draftProperties('reply'),
	execute: onDrafts('reply'),
};
