import type { Command } from '../command';
import { answeredCommand } from '../command';
import type { Quota } from '../../grammar/quota';
import { astring } from '../../wire/writer';

/** GETQUOTA (RFC 9208 §4.1.1): usage and limits of a quota root. */
export function getQuota(root: string): Command<Quota> {
	return answeredCommand('GETQUOTA', [astring(root)], ['QUOTA'], (response) =>
		response.type === 'QUOTA' && response.quota.root === root ? response.quota : undefined,
	);
}
