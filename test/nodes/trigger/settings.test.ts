/** The fields of the trigger as one poll reads them, without n8n: what each means, and what none may be. */
import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { ownKeyword } from '../../../nodes/Imap4MessageTrigger/acknowledgement-keyword';
import { readSettings, type Settings } from '../../../nodes/Imap4MessageTrigger/settings';
import { settingsOf } from './one-mailbox';

const INBOX = { mode: 'list', value: 'INBOX' };

/**
 * @param values of the fields that are not as n8n fills them in
 * @param written how they are written, where that is an expression
 */
function read(values: IDataObject = {}, written: IDataObject = {}): Settings {
	const given: IDataObject = { mailbox: INBOX, ...values };
	return readSettings({
		getNodeParameter: (name: string, fallback: unknown) => given[name] ?? fallback,
		getTimezone: () => 'UTC',
		getWorkflow: () => ({ id: 'w' }),
		getNode: () => ({ id: 't', parameters: { ...given, ...written } }),
	} as unknown as IPollFunctions);
}

const EXPRESSION = '={{ $json.x }}';

test('what is left as it is in the editor', () => {
	const { output, watched, ...others } = settingsOf();
	expect(read()).toMatchObject({
		...others,
		output: { simplify: output.simplify, html: false, attachments: false },
		watched: { choices: [{ by: 'name', name: 'INBOX' }] },
	});
	expect(watched.choices).toHaveLength(1);
});

test('options that were added', () => {
	const options = {
		includeExisting: true,
		onRenumbered: 'rescan',
		most: 7,
		watchNewest: 8,
		waitForNew: true,
	};
	const { waitForNew, ...same } = options;
	expect(read({ options })).toMatchObject({ ...same, waits: waitForNew });
	expect(read({ options: { onRenumbered: 'fail' } }).onRenumbered).toBe('fail');
	expect(read({ quotaPercent: 50 }).quotaAbove).toBe(50);
	expect(read({ filters: { subject: 'x' } }).filters.query).toMatchObject({ subject: 'x' });
});

describe('a value out of its range is an error that names the field', () => {
	test.each<[string, string, number, number, (value: unknown) => IDataObject]>([
		['Max Items per Poll', 'most', 1, 100_000, (most) => ({ options: { most } })],
		[
			'Newest Messages to Watch',
			'watchNewest',
			1,
			100_000,
			(watchNewest) => ({ options: { watchNewest } }),
		],
		['Percent', 'quotaAbove', 1, 1000, (quotaPercent) => ({ quotaPercent }) as IDataObject],
	])('%s', (label, name, min, max, fields) => {
		for (const value of [min, max]) expect(read(fields(value))).toMatchObject({ [name]: value });
		for (const value of [min - 1, max + 1, 'x', '']) {
			expect(() => read(fields(value)), String(value)).toThrow(`"${label}"`);
		}
	});

	test.each<[string, IDataObject]>([
		['Event', { event: 'x' }],
		['Watch', { watch: 'x' }],
		['Delivery', { delivery: 'x' }],
		['After Delivery', { after: 'x' }],
		['Include Existing Messages', { options: { includeExisting: 'x' } }],
		['Wait for New Mail (IDLE)', { options: { waitForNew: 'x' } }],
		['When UIDVALIDITY Changes', { options: { onRenumbered: 'x' } }],
		['Only These Keywords', { changedKeywords: {} }],
		['Only These Flags', { changedFlags: 'x' }],
		['Mailbox', { mailbox: { mode: 'path', value: ' ' } }],
		['Mailboxes', { watch: 'several', mailboxes: [1] }],
		['Pattern', { watch: 'pattern', pattern: ' ' }],
		['Keyword to Add', { after: 'keyword', afterKeyword: ' ' }],
		['Move Into', { after: 'move', afterMailbox: { mode: 'path', value: '' } }],
		['Acknowledged by Reading', { delivery: 'acknowledged', acknowledgedByReading: 'x' }],
		['Keyword', { delivery: 'acknowledged', acknowledgeKeyword: {} }],
	])('%s', (label, values) => {
		expect(() => read(values)).toThrow(`"${label}"`);
	});

	test('a field that is not there is not guessed', () => {
		expect(() => read({ watch: 'pattern' })).toThrow('"Pattern" is empty');
		expect(() => read({ after: 'keyword' })).toThrow('"Keyword to Add" is empty');
		expect(() => read({ after: 'move' })).toThrow('"Move Into" is empty');
		expect(() => read({ watch: 'several' })).toThrow('No mailbox is selected in "Mailboxes"');
	});
});

describe('the flags that matter', () => {
	test('are those of both fields, in lower case', () => {
		const fields = { changedFlags: ['\\Seen'], changedKeywords: ' $Work,  Later ,' };
		expect(read(fields).flags).toEqual(['\\seen', '$work', 'later']);
	});

	test('are all of them where the fields are empty, and not where an expression is', () => {
		expect(read({ changedFlags: [], changedKeywords: ' ' }).flags).toEqual([]);
		expect(() => read({ changedFlags: [] }, { changedFlags: EXPRESSION })).toThrow(
			expect.objectContaining({
				message: expect.stringContaining('"Only These Flags" is empty'),
				advice: expect.stringContaining('expression'),
			}),
		);
		expect(() => read({ changedKeywords: ' ' }, { changedKeywords: EXPRESSION })).toThrow(
			'"Only These Keywords" is empty',
		);
		expect(read({ changedFlags: ['x'] }, { changedFlags: EXPRESSION }).flags).toEqual(['x']);
	});
});

describe('what is watched', () => {
	test('several mailboxes, each once', () => {
		const mailboxes = ['a', '', 'b', 'a'];
		expect(read({ watch: 'several', mailboxes }).watched).toEqual({
			choices: [
				{ by: 'path', path: 'a' },
				{ by: 'path', path: 'b' },
			],
		});
		expect(() => read({ watch: 'several', mailboxes: [''] })).toThrow(
			expect.objectContaining({
				message: expect.stringContaining('No mailbox is selected'),
				advice: expect.stringContaining('expression'),
			}),
		);
	});

	test('a pattern, without the spaces around it', () => {
		expect(read({ watch: 'pattern', pattern: ' Work/* ' }).watched).toEqual({ pattern: 'Work/*' });
	});
});

describe('after delivery', () => {
	test.each<[IDataObject, Settings['after']]>([
		[{ after: 'nothing' }, { do: 'nothing' }],
		[{ after: 'markRead' }, { do: 'markRead' }],
		[
			{ after: 'keyword', afterKeyword: ' Done ' },
			{ do: 'keyword', keyword: 'Done' },
		],
		[
			{ after: 'move', afterMailbox: { mode: 'role', value: 'archive' } },
			{ do: 'move', to: { by: 'role', role: 'archive' } },
		],
	])('%j', (fields, after) => {
		expect(read(fields).after).toEqual(after);
	});
});

describe('an acknowledgement', () => {
	const acknowledged = (more: IDataObject = {}, written: IDataObject = {}) =>
		read({ delivery: 'acknowledged', ...more }, written).acknowledgement;

	test('has a keyword of the node alone, beside the shared one of earlier versions', () => {
		const standard = {
			keyword: ownKeyword('w', 't'),
			shared: 'n8nAcknowledged',
			byReading: false,
			againAfter: 30 * 60_000,
			most: 10,
		};
		expect(acknowledged()).toEqual(standard);
		expect(acknowledged({ acknowledgeKeyword: ' ' })).toEqual(standard);
		expect(acknowledged({ acknowledgeKeyword: 'n8nAcknowledged' })).toEqual(standard);
	});

	test('has the keyword that is named, and no other', () => {
		expect(acknowledged({ acknowledgeKeyword: ' Done ' })).toMatchObject({
			keyword: 'Done',
			shared: undefined,
		});
		expect(() => acknowledged({}, { acknowledgeKeyword: EXPRESSION })).toThrow(
			'"Keyword" is empty',
		);
	});

	test('counts minutes and deliveries', () => {
		const fields = { againAfter: 2, acknowledgedByReading: true, options: { maxDeliveries: 4 } };
		expect(acknowledged(fields)).toMatchObject({ againAfter: 120_000, byReading: true, most: 4 });
		for (const againAfter of [0, 100_001, 'x'])
			expect(() => acknowledged({ againAfter })).toThrow('"Redeliver After (Minutes)"');
		for (const maxDeliveries of [0, 100_001])
			expect(() => acknowledged({ options: { maxDeliveries } })).toThrow('"Max Deliveries"');
	});
});
