import { safeguardProperties } from '../../shared/execution/safeguards';
import type { Operation } from '../../shared/execution/operation';
import { transfer, transferProperties } from '../transfer';

export const copy: Operation = {
	name: 'Copy',
	value: 'copy',
	description: 'Copy messages to another mailbox, with their flags and dates (COPY)',
	forModel:
		'Use it to put messages into a second mailbox. Returns where each copy is. Never changes the originals.',
	action: 'Copy messages',
	properties: transferProperties('copy', ...safeguardProperties),
	execute: transfer('copy', async (mailbox, set, to) => ({
		via: 'COPY',
		copied: await mailbox.copy(set, to),
	})),
};
