import { safeguardProperties } from '../../shared/execution/safeguards';
import type { Operation } from '../../shared/execution/operation';
import { transfer, transferProperties } from '../transfer';

export const copy: Operation = {
	name: 'Copy',
	value: 'copy',
	description: 'Copy messages to another mailbox, with their flags and dates (COPY)',
	action: 'Copy messages',
	properties: transferProperties('copy', ...safeguardProperties),
	execute: transfer(async (mailbox, set, to) => ({
		via: 'COPY',
		copied: await mailbox.copy(set, to),
	})),
};
