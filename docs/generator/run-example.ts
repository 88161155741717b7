/** Runs an operation on n8n's own engine, on the in-memory server. */
import type {
	ICredentialType,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { NodeTypeRegistry, outputOf, runWorkflow } from '../../demo/run-workflow';
import { closeIdleConnections } from '../../nodes/shared/account/connection-pool';
import { makeCertificates, type Certificates } from '../../test/real/certificates';
import { MemoryServer } from '../../test/server';
import { fill, PASSWORD, TARGET_USER, UID_VALIDITY, USER } from './example-account';
import { PACKAGE_NAME, packageCredentials } from './package-nodes';

export type Outcome =
	| { failed: false; items: INodeExecutionData[] }
	| { failed: true; message: string; advice: string };

export interface Run {
	type: INodeType;
	parameters: INodeParameters;
	items?: readonly IDataObject[];
	/** Capabilities that the server doesn't offer. */
	without?: readonly string[];
	/** Those that it offers besides the usual ones. */
	offers?: readonly string[];
}

/** What a reader has in place of the address on which the example ran. */
const HOST = 'imap.example.com';
const PORT = 993;

/** Each on a server of its own, over TLS. */
export class ExampleRunner {
	private constructor(
		private readonly certificates: Certificates,
		private readonly credentialTypes: Record<string, ICredentialType>,
	) {}

	static async prepare(): Promise<ExampleRunner> {
		return new ExampleRunner(await makeCertificates(), await packageCredentials());
	}

	async run({ type, parameters, items = [{}], without = [], offers = [] }: Run): Promise<Outcome> {
		const server = await MemoryServer.start({
			tls: this.certificates.server,
			quotaBytes: 100 * 1024,
			isAdministrator: () => true,
			capabilities: { add: offers, remove: without },
		});
		try {
			fill(server.addAccount(USER, PASSWORD));
			server.addAccount(TARGET_USER, PASSWORD).create('Archive').uidValidity = UID_VALIDITY.Archive;
			return await this.runOn(server, { type, parameters, items });
		} finally {
			await closeIdleConnections();
			await server.stop();
		}
	}

	private async runOn(
		{ host, port }: MemoryServer,
		{ type, parameters, items = [] }: Run,
	): Promise<Outcome> {
		const name = `${PACKAGE_NAME}.${type.description.name}`;
		const credential = { id: '1', name: 'Example', type: 'imap4SslApi' };
		const target = { id: '2', name: 'Target', type: 'imap4TargetApi' };
		const data = {
			host,
			port,
			user: USER,
			password: PASSWORD,
			caCertificate: this.certificates.ca,
		};
		const run = await runWorkflow({
			nodeTypes: new NodeTypeRegistry({ [name]: type }, this.credentialTypes),
			credentials: [
				{ ...credential, data },
				{ ...target, data: { ...data, security: 'tls', user: TARGET_USER } },
			],
			input: items.map((json) => ({ json })),
			startNode: 'Example',
			workflow: {
				name: 'Example',
				nodes: [
					{
						id: 'example',
						name: 'Example',
						type: name,
						typeVersion: 1,
						position: [0, 0],
						parameters: { authentication: 'ssl', ...parameters },
						credentials: Object.fromEntries(
							[credential, target].map(({ id, name: called, type: of }) => [
								of,
								{ id, name: called },
							]),
						),
					},
				],
				connections: {},
			},
		});
		if (run.error) {
			const { message, description } = run.error as Error & { description?: string | null };
			return { failed: true, message, advice: description ?? '' };
		}
		const put = outputOf(run, 'Example');
		for (const item of put) hideAddress(item.json, { host, port });
		return { failed: false, items: put };
	}
}

/** The address is another one each time. */
function hideAddress(json: IDataObject, { host, port }: { host: string; port: number }): void {
	for (const [name, value] of Object.entries(json)) {
		if (value === host) json[name] = HOST;
		else if (value === port) json[name] = PORT;
		else if (typeof value === 'string') {
			json[name] = value.replaceAll(`${host}:${port}`, `${HOST}:${PORT}`).replaceAll(host, HOST);
		} else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
			hideAddress(value as IDataObject, { host, port });
		}
	}
}
