import type { Execution } from '../shared/execution/execution';
import { UserError } from '../shared/errors/user-error';
import { strictText } from '../shared/fields/strict-values';
import { isExpression } from '../shared/fields/is-expression';
import { checkLevels, checkNewLevels, mailboxPath } from '../shared/mailbox/mailbox-choice';

/**
 * The name of a mailbox that isn't there yet.
 * @throws UserError if it is empty
 */
export function readPath(execution: Execution, item: number, name: string, label: string): string {
	const path = strictText(execution.parameter<unknown>(name, item, ''), label);
	if (path !== '')
		return isExpression(execution.context, name) ? computed(path, label) : mailboxPath(path);
	throw new UserError(
		`The field "${label}" is empty`,
		'Enter a path such as Archive/2026. If it is an expression, check what it returns.',
	);
}

/** @throws UserError if an expression returned nothing for a level */
function computed(path: string, label: string): string {
	checkLevels(path, '/', label);
	checkNewLevels(path);
	return path;
}
