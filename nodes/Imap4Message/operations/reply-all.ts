import type { Operation } from '../../shared/execution/operation';
import { draftProperties } from '../drafts/draft-fields';
import { onDrafts } from '../drafts/drafts';

export const replyAll: Operation = {
	name: 'Reply to All',
	value: 'replyAll',
	description: 'Create a draft that replies to everyone on a message except you (FETCH, APPEND)',
	forModel:
		'Use it to answer everyone on a message; a person sends the draft. Recipients, subject and quotation are filled in. Returns them and where the draft is stored. Never sends anything.',
	action: 'Reply to all recipients',
	foreignText: true,
	properties: draftProperties('replyAll'),
	execute: onDrafts('replyAll'),
};
