import './environment';
import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentials,
	type ICredentialType,
	type IHttpRequestOptions,
	type INodeCredentialsDetails,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** What n8n keeps encrypted in its database, in clear. */
export interface Credential {
	/** As in the workflow's `node.credentials`. */
	id: string;
	name: string;
	/** e.g. `imap4SslApi` */
	type: string;
	data: ICredentialDataDecryptedObject;
}

const notNeeded = (what: string) => new Error(`${what} is not part of this run of n8n's engine`);

/** Credentials that are held in memory, in place of n8n's encrypted ones in its database. */
export class CredentialsInMemory extends ICredentialsHelper {
	constructor(
		private readonly credentials: readonly Credential[],
		private readonly types: Readonly<Record<string, ICredentialType>>,
	) {
		super();
	}

	async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		{ id, name }: INodeCredentialsDetails,
		type: string,
	): Promise<ICredentialDataDecryptedObject> {
		const found = this.credentials.find((one) => one.type === type && one.id === id);
		if (found === undefined) {
			throw new Error(`There is no credential "${name}" (${id}) of the type ${type}`);
		}
		const defaults = this.getCredentialsProperties(type).map(
			(property) => [property.name, property.default] as const,
		);
		return { ...Object.fromEntries(defaults), ...found.data } as ICredentialDataDecryptedObject;
	}

	getCredentialsProperties(type: string): INodeProperties[] {
		return this.types[type]?.properties ?? [];
	}

	getParentTypes(type: string): string[] {
		return this.types[type]?.extends ?? [];
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	authenticate(): Promise<IHttpRequestOptions> {
		throw notNeeded('Authenticating HTTP requests');
	}

	preAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	runPreAuthentication(): Promise<undefined> {
		return Promise.resolve(undefined);
	}

	getCredentials(): Promise<ICredentials> {
		throw notNeeded('Reading encrypted credentials');
	}

	updateCredentials(): Promise<void> {
		throw notNeeded('Changing credentials');
	}

	async updateCredentialsOauthTokenData(
		{ id }: INodeCredentialsDetails,
		type: string,
		{ oauthTokenData }: ICredentialDataDecryptedObject,
	): Promise<void> {
		const kept = this.credentials.find((one) => one.type === type && one.id === id);
		if (kept && oauthTokenData !== undefined) kept.data.oauthTokenData = oauthTokenData;
	}
}
