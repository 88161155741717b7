/** The fields of a node as they are written, before expressions are evaluated. */
import type { IDataObject } from 'n8n-workflow';

export interface WithNode {
	getNode(): { parameters: unknown };
}

/** n8n copies the whole node at each call, and there can be many thousand items. */
const known = new WeakMap<WithNode, unknown>();

/** All fields. They stay as they are as long as the context is used. */
function writtenFields(context: WithNode): unknown {
	if (!known.has(context)) known.set(context, context.getNode().parameters);
	return known.get(context);
}

/**
 * What is written on the way to a field: in the collections it is in, and in it.
 * @param name of the field, or its path in a collection, such as `options.markAsRead`
 * @returns undefined at the end if it is not written
 */
export function* writtenOnTheWay(context: WithNode, name: string): Generator<unknown> {
	let written = writtenFields(context);
	for (const step of name.split('.')) {
		if (typeof written !== 'object' || written === null) return yield undefined;
		written = (written as IDataObject)[step];
		yield written;
	}
}

const isWrittenExpression = (written: unknown): boolean =>
	typeof written === 'string' && written.startsWith('=');

/** Whether any part of what is written is an expression. */
function hasExpression(written: unknown): boolean {
	if (typeof written !== 'object' || written === null) return isWrittenExpression(written);
	return Object.values(written).some(hasExpression);
}

/** Whether what the node does can depend on the item. */
export const usesExpressions = (context: WithNode): boolean =>
	hasExpression(writtenFields(context));

/**
 * Values of fields without expressions, which are the same for every item: n8n works each out once, rather than
 * for each of many thousand items.
 */
export class FixedFields {
	private readonly values = new Map<string, unknown>();
	private readonly varying = new Set<string>();

	constructor(private readonly context: WithNode) {}

	/** @param read has n8n work it out */
	value(name: string, read: () => unknown): unknown {
		if (this.values.has(name)) return copyOf(this.values.get(name));
		const value = read();
		if (this.varying.has(name)) return value;
		if (this.isFixed(name)) this.values.set(name, copyOf(value));
		else this.varying.add(name);
		return value;
	}

	private isFixed(name: string): boolean {
		const written = [...writtenOnTheWay(this.context, name)];
		// What is not written is what the caller falls back to.
		return (
			written.at(-1) !== undefined &&
			!written.some(isWrittenExpression) &&
			!hasExpression(written.at(-1))
		);
	}
}

/** So that no item changes what the next one gets. */
function copyOf(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(copyOf);
	if (typeof value !== 'object' || value === null) return value;
	if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
	const copy: IDataObject = {};
	for (const [key, one] of Object.entries(value)) copy[key] = copyOf(one) as IDataObject;
	return copy;
}
