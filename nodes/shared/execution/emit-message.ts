import type { IDataObject } from 'n8n-workflow';
import type { Execution } from './execution';
import type { MessageOutput } from '../message/message-reading';

/** @param more what else the item returns */
export function emitMessage(
	execution: Execution,
	item: number,
	{ json, binary, unreadable }: MessageOutput,
	more: IDataObject = {},
): void {
	const whole = Object.keys(more).length > 0 ? { ...json, ...more } : json;
	if (unreadable === undefined) execution.emit(item, whole, binary);
	else execution.emitUnreadable(item, whole, unreadable);
}
