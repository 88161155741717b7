import type { INodeType } from 'n8n-workflow';

/** Hands on what it is given, in place of a trigger, so that paired items have something to lead back to. */
export const inputNode: INodeType = {
	description: {
		displayName: 'Input',
		name: 'input',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: {},
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	execute() {
		return Promise.resolve([this.getInputData()]);
	},
};
