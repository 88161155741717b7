/** A trigger whose polls wait for mail. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, expect, vi } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { startServer, USER } from '../run-node';
import { Poller, type PollerOptions } from './poller';

const active: Array<() => Promise<void>> = [];
afterEach(async () => {
	vi.unstubAllEnvs();
	for (const deactivate of active.splice(0)) await deactivate();
});

interface Start extends Partial<PollerOptions> {
	serverOptions?: MemoryServerOptions;
	mailboxes?: readonly string[];
}

/** An active trigger whose baseline is taken, and that waits from the next poll on, until it is deactivated. */
export async function start({
	serverOptions,
	mailboxes = [],
	parameters = {},
	...options
}: Start = {}) {
	const server = await startServer(serverOptions);
	const account = server.account(USER);
	for (const name of mailboxes) account.create(name);
	const inbox = account.mailbox('INBOX');
	const deliveries: Array<{ subjects: unknown[]; cursor: IDataObject }> = [];
	const poller: Poller = new Poller({
		server,
		budget: 200_000,
		emit: (items) => {
			const subjects = items.map(({ json }) => json.subject ?? json.uid);
			deliveries.push({ subjects, cursor: poller.staticData });
		},
		...options,
		parameters: waiting(parameters),
	});
	expect(await poller.poll()).toEqual([]);
	const deactivate = await poller.activate();
	active.push(deactivate);
	const delivered = (): unknown[] => deliveries.flatMap(({ subjects }) => subjects);
	return { server, account, inbox, poller, deliveries, delivered, deactivate };
}

export function waiting(parameters: INodeParameters): INodeParameters {
	return { ...parameters, options: { ...(parameters.options as object), waitForNew: true } };
}

export const count = (server: MemoryServer, name: string): number =>
	server.commands.filter((command) => command.name === name).length;

export const SOON = { interval: 10, timeout: 8_000 };

/** Resolves when a poll of the server waits. */
export async function idling(server: MemoryServer, times = 1): Promise<void> {
	await expect.poll(() => count(server, 'IDLE'), SOON).toBeGreaterThanOrEqual(times);
}
