/**
 * One poll per poll time. n8n 2.41 registers a node that has both `trigger()` and `poll()` twice, and draws a
 * second within the minute for each registration, so that every poll would run twice. Of two equal schedules
 * n8n drops the second; so the second is fixed, by the node's id, before n8n draws any.
 */
import { createHash } from 'node:crypto';
import * as n8n from 'n8n-workflow';
import type { INode, ITriggerFunctions, TriggerTime } from 'n8n-workflow';

/** Fixes the node's poll times in memory; what is saved stays as it is. Without effect where n8n keeps the node elsewhere. */
export function fixSchedule(context: ITriggerFunctions): void {
	// Older versions of n8n do not export it, and register once.
	if (!('toCronExpression' in n8n)) return;
	const { node } = context as ITriggerFunctions & { node?: INode };
	const times = (node?.parameters?.pollTimes as { item?: TriggerTime[] } | undefined)?.item;
	if (!Array.isArray(times)) return;
	const seed = `${context.getWorkflow().id ?? ''}:${context.getNode().id}`;
	for (const [index, time] of times.entries()) times[index] = fixed(time, seed);
}

function fixed(time: TriggerTime, seed: string): TriggerTime {
	// Polls just as it says. What n8n does not know, it reports itself.
	if (time.mode === 'custom') return time;
	const fields = n8n.toCronExpression(time).split(' ');
	if (fields.length !== 6) return time;
	fields[0] = sixtieth(`${seed}:second`);
	if (time.mode === 'everyX' && time.unit === 'hours') fields[1] = sixtieth(`${seed}:minute`);
	return { mode: 'custom', cronExpression: fields.join(' ') as never };
}

/** A number below 60 that is always the same for this text, and different for most others. */
const sixtieth = (text: string): string =>
	String(createHash('sha256').update(text).digest().readUInt32BE(0) % 60);
