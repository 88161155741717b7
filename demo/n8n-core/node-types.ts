import './environment';
import { dirname } from 'node:path';
import { PackageDirectoryLoader } from 'n8n-core';
import {
	NodeHelpers,
	type ICredentialType,
	type IDataObject,
	type INodeType,
	type INodeTypes,
	type IVersionedNodeType,
} from 'n8n-workflow';
import { standIns } from './stand-ins';

const PACKAGE_FOLDER = dirname(dirname(__dirname));

/** Node types by full name, as n8n's workflow engine asks for them. */
export class NodeTypeRegistry implements INodeTypes {
	/**
	 * @param nodeTypes by full type name, e.g. `n8n-nodes-imap4.imap4Message`
	 * @param credentialTypes by name, e.g. `imap4SslApi`
	 */
	constructor(
		private readonly nodeTypes: Readonly<Record<string, INodeType | IVersionedNodeType>>,
		readonly credentialTypes: Readonly<Record<string, ICredentialType>> = {},
	) {}

	getByName(nodeType: string): INodeType | IVersionedNodeType {
		const found = this.nodeTypes[nodeType];
		if (found === undefined) {
			throw new Error(
				`There is no node type "${nodeType}"; there are ${Object.keys(this.nodeTypes).join(', ')}`,
			);
		}
		return found;
	}

	getByNameAndVersion(nodeType: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(nodeType), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/**
 * The nodes and credentials that package.json announces, loaded from dist/ by n8n's own loader,
 * beside the stand-ins for n8n's nodes.
 *
 * @throws {Error} when dist/ is missing or a class cannot be loaded
 */
export async function packageNodeTypes(folder = PACKAGE_FOLDER): Promise<NodeTypeRegistry> {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	const nodeTypes = Object.entries(loader.nodeTypes).map(
		([name, { type }]) => [`${loader.packageName}.${name}`, type] as const,
	);
	const credentialTypes = Object.entries(loader.credentialTypes).map(
		([name, { type }]) => [name, type] as const,
	);
	return new NodeTypeRegistry(
		{ ...standIns, ...Object.fromEntries(nodeTypes) },
		Object.fromEntries(credentialTypes),
	);
}
