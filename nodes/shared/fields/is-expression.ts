import { isEmptyValue } from './strict-values';
import { writtenOnTheWay, type WithNode } from './written-fields';

/**
 * Whether a field holds an expression, so that what it is empty of was meant to be something.
 * @param name of the field, or its path in a collection, such as `options.markAsRead`
 */
export function isExpression(context: WithNode, name: string): boolean {
	for (const written of writtenOnTheWay(context, name)) {
		if (typeof written === 'string' && written.startsWith('=')) return true;
	}
	return false;
}

/**
 * Whether an option that may be left empty is set. One that was added and left empty is not; an expression must return
 * something.
 * @param name of the option, in the collection of this name
 */
export function isSet(
	context: WithNode,
	collection: string,
	options: Readonly<Record<string, unknown>>,
	name: string,
): boolean {
	if (!(name in options)) return false;
	return !isEmptyValue(options[name]) || isExpression(context, `${collection}.${name}`);
}
