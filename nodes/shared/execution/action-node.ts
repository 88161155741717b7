/**
 * What all action nodes have in common. The classes name what n8n's lint rules look for in a class (subtitle,
 * usableAsTool) and take the rest from here.
 */
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { authenticationProperties, imap4Credentials } from '../account/authentication';
import { imap4Login } from '../account/credential-test';
import { mailboxSearches } from '../mailbox/mailbox-locator';
import { resourceProperties, runResource, type Resource } from './operation';

export const actionNode = {
	group: ['transform'],
	/**
	 * The versions that run. CONTRIBUTING.md describes how a second one is added: a node that was saved
	 * with an older one keeps it, and runs as it did.
	 */
	version: [1],
	inputs: [NodeConnectionTypes.Main],
	outputs: [NodeConnectionTypes.Main],
	credentials: imap4Credentials,
} satisfies Partial<INodeTypeDescription>;

/** The functions that the editor calls. */
export const nodeMethods = { credentialTest: { imap4Login } } satisfies INodeType['methods'];

/** The same for a node with a mailbox field. */
export const mailboxMethods = {
	...nodeMethods,
	listSearch: mailboxSearches,
} satisfies INodeType['methods'];

/** The fields of a node; the first resource is the default. */
export const nodeProperties = (first: Resource, ...others: Resource[]): INodeProperties[] => [
	...authenticationProperties,
	...resourceProperties(first, ...others),
];

/** A node's `execute`. */
export const executes = (...resources: Resource[]) =>
	async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runResource(this, resources);
	};
