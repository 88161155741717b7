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
