/** Retry On Fail: what one try of the node has finished is known to the next one. */
import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { finishedItems } from '../../../../nodes/shared/execution/finished-items';

/** @param data the same in each try of one run */
const attempt = (data: object, retryOnFail?: boolean, isTool = false): IExecuteFunctions =>
	({
		getNode: () => ({ type: 'n8n-nodes-imap4.imap4Flags', retryOnFail }),
		isToolExecution: () => isTool,
		getExecuteData: () => data as IExecuteData,
	}) as unknown as IExecuteFunctions;

test('the next try of the same run knows what was finished, another run does not', () => {
	const data = {};
	const output = { json: { uid: 1 } };
	finishedItems(attempt(data, true))?.set(0, output);
	expect(finishedItems(attempt(data, true))).toEqual(new Map([[0, output]]));
	expect(finishedItems(attempt({}, true))).toEqual(new Map());
});

test('nothing is kept where n8n does not try again', () => {
	expect(finishedItems(attempt({}, false))).toBeUndefined();
	expect(finishedItems(attempt({}))).toBeUndefined();
});

test('nothing is kept for an agent, which may want the same done again', () => {
	expect(finishedItems(attempt({}, true, true))).toBeUndefined();
});
