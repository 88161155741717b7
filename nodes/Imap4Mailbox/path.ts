import type { Execution } from '../shared/execution';
import { Refusal } from '../shared/refusal';

/**
 * The name of a mailbox that isn't there yet.
 * @throws Refusal if it is empty
 */
export function readPath(execution: Execution, item: number, name = 'path'): string {
	const path = execution.parameter<unknown>(name, item, '');
	if (typeof path === 'number') return String(path);
	if (typeof path !== 'string' || path === '') {
		throw new Refusal('The name of the new mailbox is empty', 'Enter it, such as Archive/2026.');
	}
	return path;
}
