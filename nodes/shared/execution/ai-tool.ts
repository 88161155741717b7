import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Whether an AI agent runs the node. Depending on its version n8n tells so, or runs the node like any
 * other under the name that it gives the variant for agents.
 */
export function runsAsTool(context: IExecuteFunctions): boolean {
	// Older versions of n8n have no such question.
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
