import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/** What the fields of a node can be read of: a run of it, or a poll. */
export interface WithParameters {
	parameter<Value>(name: string, itemIndex: number, fallback?: Value): Value;
	/** Whether an AI agent runs the node. */
	readonly isTool?: boolean;
}

/** A run of a node: its items, and n8n's functions for them. */
export interface WithItems extends WithParameters {
	readonly context: IExecuteFunctions;
	readonly items: readonly INodeExecutionData[];
}

/** Where a switch has to be exactly true or false. */
export interface WithToggles {
	/** @throws UserError */
	toggle(name: string, label: string, itemIndex: number, fallback?: boolean): boolean;
}
