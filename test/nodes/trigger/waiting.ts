/** A trigger whose polls wait for mail. */
import { isDeepStrictEqual } from 'node:util';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { expect, onTestFinished } from 'vitest';
import type { MemoryServer, MemoryServerOptions } from '../../server';
import { startServer, USER } from '../run-node';
import { hurryTime, IN_EVENT_LOOP } from './hurried-time';
import { Poller, type PollerOptions } from './poller';

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
	hurryTime();
	const remove = [...IN_EVENT_LOOP, ...(serverOptions?.capabilities?.remove ?? [])];
	const capabilities = { ...serverOptions?.capabilities, remove };
	const server = await startServer({ ...serverOptions, capabilities });
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
	onTestFinished(deactivate);
	const delivered = (): unknown[] => deliveries.flatMap(({ subjects }) => subjects);
	return { server, account, inbox, poller, deliveries, delivered, deactivate };
}

export function waiting(parameters: INodeParameters): INodeParameters {
	return { ...parameters, options: { ...(parameters.options as object), waitForNew: true } };
}

export const count = (server: MemoryServer, name: string): number =>
	server.commands.filter((command) => command.name === name).length;

/** Milliseconds of the test's time: shorter than a waiting poll's longest pause between two looks. */
const SOON = 8_000;

/** Waits until it is so. @throws if it takes longer than "soon" */
export async function soon(actual: () => unknown, expected: unknown, within = SOON): Promise<void> {
	const end = Date.now() + within;
	while (!isDeepStrictEqual(actual(), expected) && Date.now() < end) {
		await new Promise((resolve) => setImmediate(resolve));
	}
	expect(actual()).toEqual(expected);
}

/** Resolves when a poll of the server waits, and knows that the server does. */
export async function idling(server: MemoryServer, times = 1): Promise<void> {
	await soon(() => count(server, 'IDLE') >= times, true);
	await new Promise((resolve) => setTimeout(resolve, 1));
}
