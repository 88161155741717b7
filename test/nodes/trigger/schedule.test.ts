/** The node as n8n's own code registers it: twice, since it has both `trigger()` and `poll()`. */
import { Container } from '@n8n/di';
import { ActiveWorkflowTriggers, InstanceSettings, ScheduledTaskManager } from 'n8n-core';
import { commonPollingParameters } from 'n8n-core/dist/nodes-loader/constants';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, expect, test, vi } from 'vitest';
import { NodeTypeRegistry } from '../../../demo/run-workflow';
import { Imap4MessageTrigger } from '../../../nodes/Imap4MessageTrigger/Imap4MessageTrigger.node';
import { credentialTypes } from '../credential-types';
import { startServer } from '../run-node';
import { Poller, TYPE } from './poller';

const added: string[] = [];
afterEach(async () => {
	for (const id of added.splice(0)) await Container.get(ActiveWorkflowTriggers).remove(id);
	vi.restoreAllMocks();
});

/** As n8n's loader adds it to nodes that poll. */
function loaded(): Imap4MessageTrigger {
	const trigger = new Imap4MessageTrigger();
	const { properties } = trigger.description;
	properties.unshift(...commonPollingParameters);
	return trigger;
}

/** @returns the cron expressions under which n8n polls the node */
async function schedules(item: INodeParameters[], id = 'scheduled'): Promise<string[]> {
	const server = await startServer();
	const nodeTypes = new NodeTypeRegistry({ [TYPE]: loaded() }, credentialTypes);
	const poller = new Poller({ server, id, nodeTypes, parameters: { pollTimes: { item } } });
	vi.spyOn(Container.get(InstanceSettings), 'isLeader', 'get').mockReturnValue(true);
	const register = vi.spyOn(Container.get(ScheduledTaskManager), 'register');
	register.mockClear();
	added.push(id);
	await poller.register();
	await poller.register();
	const accepted = register.mock.results.map(({ value }) => value === true);
	return register.mock.calls.map(([{ expression }]) => expression).filter((_, n) => accepted[n]);
}

const POLL_TIMES: Array<[string, INodeParameters, RegExp]> = [
	['every minute', { mode: 'everyMinute' }, /^\d+ \* \* \* \* \*$/],
	['every 5 minutes', { mode: 'everyX', value: 5, unit: 'minutes' }, /^\d+ \*\/5 \* \* \* \*$/],
	['every 2 hours', { mode: 'everyX', value: 2, unit: 'hours' }, /^\d+ \d+ \*\/2 \* \* \*$/],
	['every hour', { mode: 'everyHour', minute: 7 }, /^\d+ 7 \* \* \* \*$/],
	['every day', { mode: 'everyDay', hour: 8, minute: 30 }, /^\d+ 30 8 \* \* \*$/],
	['every week', { mode: 'everyWeek', hour: 8, minute: 30, weekday: '1' }, /^\d+ 30 8 \* \* 1$/],
	['every month', { mode: 'everyMonth', hour: 8, minute: 30, dayOfMonth: 3 }, /^\d+ 30 8 3 \* \*$/],
	['a cron expression', { mode: 'custom', cronExpression: '*/10 * * * *' }, /^\*\/10 \* \* \* \*$/],
];

test.each(POLL_TIMES)('%s is one poll each time, not two', async (_name, item, expected) => {
	expect(await schedules([item])).toEqual([expect.stringMatching(expected)]);
});

test('several poll times stay several', async () => {
	const item = [{ mode: 'everyMinute' }, { mode: 'everyHour', minute: 7 }];
	expect(await schedules(item)).toHaveLength(2);
});

test('the second stays the same, and nodes do not all poll in the same one', async () => {
	const every = [{ mode: 'everyMinute' }];
	const [once] = await schedules(every, 'node');
	await Container.get(ActiveWorkflowTriggers).remove('node');
	expect(await schedules(every, 'node')).toEqual([once]);
	const others = new Set<string | undefined>();
	for (let n = 0; n < 8; n++) others.add((await schedules(every, `node ${n}`))[0]);
	expect(others.size).toBeGreaterThan(3);
});
