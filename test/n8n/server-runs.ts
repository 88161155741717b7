/** Executions in a running n8n, as its editor starts and reads them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { IRun } from 'n8n-workflow';
import type { N8nRest } from '../../demo/n8n/rest';

const INTERVAL_MS = 200;

/** Starts a workflow from its trigger, as the editor's button does. @returns the execution's id */
export async function startExecution(rest: N8nRest, id: string, trigger: string): Promise<string> {
	const { executionId } = await rest.request<{ executionId: string }>(
		'POST',
		`/workflows/${id}/run`,
		{ triggerToStartFrom: { name: trigger } },
	);
	return executionId;
}

/** Waits until an execution has ended, or waits itself. */
export async function executionStopped(rest: N8nRest, executionId: string): Promise<IRun> {
	for (;;) {
		const { status, data } = await rest.request<{ status: IRun['status']; data: string }>(
			'GET',
			`/executions/${executionId}`,
		);
		if (status !== 'new' && status !== 'running') {
			return { status, data: parse(data) as IRun['data'] } as IRun;
		}
		await sleep(INTERVAL_MS);
	}
}

/** The executions of a workflow, the oldest first. */
export async function executionsOf(rest: N8nRest, workflowId: string): Promise<string[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest.request<{ results: Array<{ id: string }> }>(
		'GET',
		`/executions?filter=${filter}&limit=100`,
	);
	return results.map(({ id }) => id).sort((a, b) => Number(a) - Number(b));
}
