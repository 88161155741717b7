import type { IDataObject } from 'n8n-workflow';

interface WithNode {
	getNode(): { parameters: unknown };
}

/**
 * Whether a field holds an expression, so that what it is empty of was meant to be something.
 * @param name of the field, or its path in a collection, such as `options.markAsRead`
 */
export function isExpression(context: WithNode, name: string): boolean {
	let written: unknown = context.getNode().parameters;
	for (const step of name.split('.')) {
		if (typeof written !== 'object' || written === null) return false;
		written = (written as IDataObject)[step];
		if (typeof written === 'string' && written.startsWith('=')) return true;
	}
	return false;
}
