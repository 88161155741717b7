import type { Execution } from '../shared/execution/execution';
import { UserError } from '../shared/errors/user-error';
import { mailboxPath } from '../shared/mailbox/mailbox-choice';

/**
 * The name of a mailbox that isn't there yet.
 * @throws UserError if it is empty
 */
export function readPath(execution: Execution, item: number, name = 'path'): string {
	const path = execution.parameter<unknown>(name, item, '');
	if (typeof path === 'number') return String(path);
	if (typeof path !== 'string' || path === '') {
		throw new UserError(
			'The name of the new mailbox is empty',
			'Enter a path such as Archive/2026.',
		);
	}
	return mailboxPath(path);
}
