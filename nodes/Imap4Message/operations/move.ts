import { safeguardProperties } from '../../shared/execution/safeguards';
import type { Operation } from '../../shared/execution/operation';
import { transfer, transferProperties } from '../transfer';

export const move: Operation = {
	name: 'Move',
	value: 'move',
	description:
		'Move messages into another mailbox (MOVE; where the server lacks it, COPY, STORE and EXPUNGE)',
	action: 'Move messages',
	properties: transferProperties('move', ...safeguardProperties),
	execute: (execution) => transfer(execution, (imap, set, to) => imap.move(set, to, { uid: true })),
};
