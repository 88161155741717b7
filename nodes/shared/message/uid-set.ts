/** UID sets as users write them. */
import { UidSet } from '../../../engine/index';
import { isEmptyValue } from '../fields/strict-values';
import { UserError } from '../errors/user-error';

const LARGEST_UID = 4_294_967_295;

const written = (value: unknown): string =>
	typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value);

/**
 * `1:20,40:*`, with one difference to IMAP: there `100:*` names the last message even if its UID is
 * below 100 (RFC 9051 §6.4.9), and a flow that asks for what is newer would change that one. Here it
 * means UIDs from 100 up, which may be none. `*` alone is the last message.
 * @throws UserError
 */
export function readUidSet(value: unknown, label: string): UidSet {
	// Spaces separate nothing: `1 2` would become the UID 12.
	const text = isEmptyValue(value)
		? ''
		: written(value)
				.split(/([,:])/)
				.map((part) => part.trim())
				.join('');
	if (text === '') {
		throw new UserError(
			`The field "${label}" is empty`,
			'Enter UIDs such as 1:20,40:*, or select the messages another way. If it is an expression, check what it returns.',
		);
	}
	const bounded = text
		.split(',')
		.map((range) => range.replace(/^(\d+):\*$|^\*:(\d+)$/, `$1$2:${LARGEST_UID}`))
		.join(',');
	try {
		return UidSet.from(bounded);
	} catch {
		throw new UserError(
			`"${text.slice(0, 80)}" in the field "${label}" is not a valid UID set`,
			'Enter numbers and ranges separated by commas, such as 1:20,40:*.',
		);
	}
}
