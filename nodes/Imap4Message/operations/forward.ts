import type { Operation } from '../../shared/execution/operation';
import { draftProperties } from '../drafts/draft-fields';
import { onDrafts } from '../drafts/drafts';

export const forward: Operation = {
	name: 'Forward',
	value: 'forward',
	description:
		'Create a draft that forwards a message, inline with its files or as an attachment (FETCH, APPEND)',
	forModel:
		'Use it to prepare forwarding a message; a person sends the draft. Returns its subject, its recipients and where it is stored. Never sends anything.',
	action: 'Forward messages',
	foreignText: true,
	properties: draftProperties('forward'),
	execute: onDrafts('forward'),
};
