import type { Operation } from '../../shared/execution/operation';
import { draftProperties } from '../draft-fields';
import { runDrafts } from '../drafts';

export const reply: Operation = {
	name: 'Reply',
	value: 'reply',
	description:
		'Make a draft that answers the sender of a message, with the message quoted (FETCH, APPEND)',
	action: 'Reply to messages',
	foreignText: true,
	properties: draftProperties('reply'),
	execute: (execution) => runDrafts(execution, 'reply'),
};
