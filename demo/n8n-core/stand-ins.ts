/**
 * Stand-ins for the nodes of n8n's own `n8n-nodes-base`, which is too big to install for a
 * demonstration: just those that the workflows of this package use beside its own.
 */
import { type IExecuteFunctions, type INodeType, type INodeTypeDescription } from 'n8n-workflow';

function description(name: string, inputs: 0 | 1, outputs: 0 | 1): INodeTypeDescription {
	return {
		name,
		displayName: name,
		description: '',
		group: [inputs === 0 && outputs === 1 ? 'trigger' : 'transform'],
		version: 1,
		defaults: {},
		inputs: inputs === 0 ? [] : ['main'],
		outputs: outputs === 0 ? [] : ['main'],
		properties: [],
	};
}

function passingOn(name: string, inputs: 0 | 1): INodeType {
	return {
		description: description(name, inputs, 1),

		async execute(this: IExecuteFunctions) {
			return [this.getInputData()];
		},
	};
}

/** By full type name. */
export const standIns: Readonly<Record<string, INodeType>> = {
	'n8n-nodes-base.manualTrigger': passingOn('manualTrigger', 0),
	'n8n-nodes-base.noOp': passingOn('noOp', 1),
	'n8n-nodes-base.stickyNote': { description: description('stickyNote', 0, 0) },
};
