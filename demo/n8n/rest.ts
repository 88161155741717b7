import { randomBytes, randomUUID } from 'node:crypto';
import type { WorkflowFile } from '../run-workflow';

/** n8n's REST interface, as its editor uses it: what a test or the demo needs of it. */

export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

/** An owner that nobody has to know; the password is as n8n demands it. */
export const anyOwner = (): Owner => ({
	email: 'owner@mail.example',
	firstName: 'Test',
	lastName: 'Owner',
	password: `Owner1-${randomBytes(6).toString('hex')}`,
});

export interface CredentialTestAnswer {
	status: 'OK' | 'Error';
	message: string;
}

// n8n ties a login to the browser that made it, told apart by this header.
const BROWSER_ID = 'n8n-nodes-imap4';

export class N8nRest {
	private cookie = '';

	/** @param address e.g. `http://127.0.0.1:5678` */
	constructor(readonly address: string) {}

	/** What makes a request that of the one who is logged in. */
	get headers(): Record<string, string> {
		return { 'browser-id': BROWSER_ID, ...(this.cookie && { cookie: this.cookie }) };
	}

	/** The same for a browser. @throws {Error} when nobody is logged in */
	get session(): { browserId: string; cookie: { name: string; value: string } } {
		const [, name, value] = /^([^=]+)=(.*)$/s.exec(this.cookie) ?? [];
		if (name === undefined || value === undefined) throw new Error('Nobody is logged in to n8n.');
		return { browserId: BROWSER_ID, cookie: { name, value } };
	}

	/**
	 * @param path below `/rest`, e.g. `/login`
	 * @returns the `data` of the answer
	 * @throws {Error} when the answer is not 2xx, with n8n's own words
	 */
	async request<T>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		body?: unknown,
	): Promise<T> {
		const response = await fetch(`${this.address}/rest${path}`, {
			method,
			headers: { ...this.headers, 'content-type': 'application/json' },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) {
			throw new Error(
				`n8n answered ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`,
			);
		}
		const auth = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (auth !== undefined) this.cookie = auth.split(';')[0] ?? '';
		return (JSON.parse(text) as { data: T }).data;
	}

	/** Creates the owner of a fresh instance, who is logged in then. */
	async setUpOwner(owner: Owner): Promise<void> {
		await this.request('POST', '/owner/setup', owner);
	}

	async logIn({ email, password }: Owner): Promise<void> {
		await this.request('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** @returns the id of the workflow, which is not active */
	async addWorkflow(workflow: WorkflowFile): Promise<string> {
		const { id } = await this.request<{ id: string }>('POST', '/workflows', workflow);
		return id;
	}

	/** Activates a workflow, as the editor's Publish does. @param id as n8n gave it */
	async activate(id: string): Promise<void> {
		const path = `/workflows/${id}`;
		const { versionId } = await this.request<{ versionId: string }>('GET', path);
		await this.request('POST', `${path}/activate`, { versionId });
	}

	/**
	 * What the Test button of the credential dialog says. Like the dialog it saves the credential
	 * first: n8n tests only what the user may see.
	 *
	 * @param data the fields, in clear
	 */
	async testCredential(type: string, data: Record<string, unknown>): Promise<CredentialTestAnswer> {
		const name = `Under test ${randomUUID()}`;
		const { id } = await this.request<{ id: string }>('POST', '/credentials', { name, type, data });
		return this.request('POST', '/credentials/test', { credentials: { id, name, type, data } });
	}
}
