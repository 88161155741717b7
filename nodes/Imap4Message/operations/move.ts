import { safeguardProperties } from '../../shared/execution/safeguards';
import type { Operation } from '../../shared/execution/operation';
import { moveAway } from '../../shared/message/delete-permanently';
import { transfer, transferProperties } from '../transfer';

export const move: Operation = {
	name: 'Move',
	value: 'move',
	description:
		'Move messages to another mailbox (MOVE, or COPY, STORE and EXPUNGE on servers without it)',
	forModel:
		'Use it to file messages in another mailbox. Returns where each message is now; its uid is a new one. Never deletes a message.',
	action: 'Move messages',
	properties: transferProperties('move', ...safeguardProperties),
	execute: transfer('move', moveAway),
};
