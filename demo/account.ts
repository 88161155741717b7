/** An account to run workflows on: as a credential of n8n's, put into the nodes of a workflow. */
import { type Security } from '../engine/index';
import { type Credential, type WorkflowFile } from './run-workflow';

export interface Account {
	host: string;
	port: number;
	security: Security;
	user: string;
	password: string;
	/** PEM: certificates to trust in place of the well-known authorities. */
	ca?: string;
}

const OF_SECURITY = {
	tls: { authentication: 'ssl', type: 'imap4SslApi' },
	starttls: { authentication: 'startTls', type: 'imap4StartTlsApi' },
	none: { authentication: 'plain', type: 'imap4PlainApi' },
} as const;

const OWN_NODES = 'n8n-nodes-imap4.';

/** The credential as a user would fill it in. */
export function credentialOf(account: Account, id: string, name: string): Credential {
	const { host, port, security, user, password, ca } = account;
	return {
		id,
		name,
		type: OF_SECURITY[security].type,
		data: {
			host,
			port,
			user,
			password,
			...(ca === undefined ? {} : { caCertificate: ca }),
		},
	};
}

/** The workflow with this credential chosen in each of its IMAP4 nodes, as a user does after importing it. */
export function withCredential(
	workflow: WorkflowFile,
	{ id, name, type }: Credential,
): WorkflowFile {
	const choice = Object.values(OF_SECURITY).find((one) => one.type === type);
	if (choice === undefined) throw new Error(`The IMAP4 nodes take no credential of type ${type}`);
	return {
		...workflow,
		nodes: workflow.nodes.map((node) =>
			node.type.startsWith(OWN_NODES)
				? {
						...node,
						parameters: { ...node.parameters, authentication: choice.authentication },
						credentials: { [type]: { id, name } },
					}
				: node,
		),
	};
}
