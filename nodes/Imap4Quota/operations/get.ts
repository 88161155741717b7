import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import type { Operation } from '../../shared/execution/operation';
import { quotaItems } from '../../shared/mailbox/quota-output';
import { chosenRoot, rootProperty } from '../quota-root';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Get usage and limits of a quota root, one item per resource (GETQUOTA)',
	forModel:
		'Use it to see how full a quota root is, by its name. Returns usage, limit and percentage for each resource.',
	action: 'Get a quota',
	properties: [rootProperty],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		choice: chosenRoot,
		run: async ({ imap, mailbox: root }) => quotaItems(await imap.getQuota(root)),
	}),
};
