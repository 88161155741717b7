/** Fields without expressions are worked out once; all others for each item. */
import { describe, expect, test } from 'vitest';
import { FixedFields } from '../../../../nodes/shared/fields/written-fields';

/** As n8n: expressions come out as the item's, everything else as it is written. */
function fieldsOf(parameters: Record<string, unknown>) {
	let asked = 0;
	const fields = new FixedFields({ getNode: () => ({ parameters: structuredClone(parameters) }) });
	const evaluate = (written: unknown, item: number): unknown => {
		if (typeof written === 'string') return written.startsWith('=') ? `item ${item}` : written;
		if (Array.isArray(written)) return written.map((one) => evaluate(one, item));
		if (typeof written !== 'object' || written === null) return written;
		const entries = Object.entries(written).map(([key, one]) => [key, evaluate(one, item)]);
		return Object.fromEntries(entries) as unknown;
	};
	const read = (name: string, item: number, fallback?: unknown): unknown =>
		fields.value(name, () => {
			asked++;
			let written: unknown = parameters;
			for (const step of name.split('.'))
				written = (written as Record<string, unknown> | undefined)?.[step];
			return written === undefined ? fallback : evaluate(written, item);
		});
	return { read, asked: () => asked };
}

const values = (name: string, parameters: Record<string, unknown>) => {
	const { read, asked } = fieldsOf(parameters);
	return { all: [0, 1, 2].map((item) => read(name, item, 'fallback')), asked: asked() };
};

describe('is worked out once', () => {
	test.each([
		['a text', 'INBOX'],
		['false', false],
		['an empty text', ''],
		['a list', ['\\Seen', '\\Flagged']],
		['a collection', { mode: 'path', value: 'Archive' }],
	])('%s', (_name, value) => {
		expect(values('field', { field: value })).toEqual({ all: [value, value, value], asked: 1 });
	});

	test('a field in a collection', () => {
		const parameters = { options: { wait: true, other: '={{ 1 }}' } };
		expect(values('options.wait', parameters)).toEqual({ all: [true, true, true], asked: 1 });
	});
});

describe('is worked out for each item', () => {
	test.each<[string, unknown, (item: string) => unknown]>([
		['an expression', '={{ $json.x }}', (item) => item],
		['a list with one', ['a', '={{ $json.x }}'], (item) => ['a', item]],
		[
			'a collection with one, deep inside',
			{ values: [{ field: { value: '={{ $json.x }}' } }] },
			(item) => ({ values: [{ field: { value: item } }] }),
		],
	])('%s', (_name, value, of) => {
		expect(values('field', { field: value })).toEqual({
			all: [of('item 0'), of('item 1'), of('item 2')],
			asked: 3,
		});
	});

	test('what is not written, which is what the caller falls back to', () => {
		const { read } = fieldsOf({});
		expect([read('field', 0, 'one'), read('field', 1, 'another')]).toEqual(['one', 'another']);
	});

	test('what fails', () => {
		const { read } = fieldsOf({ field: 'x' });
		const fields = new FixedFields({ getNode: () => ({ parameters: { field: 'x' } }) });
		const fail = (): never => {
			throw new Error('no');
		};
		expect(() => fields.value('field', fail)).toThrow('no');
		expect(() => fields.value('field', fail)).toThrow('no');
		expect(read('field', 0)).toBe('x');
	});
});

test('what one item does with its value changes nothing for the next', () => {
	const { read } = fieldsOf({ field: { list: ['a'] } });
	const first = read('field', 0) as { list: string[] };
	first.list.push('b');
	expect(read('field', 1)).toEqual({ list: ['a'] });
	(read('field', 2) as { list: string[] }).list.length = 0;
	expect(read('field', 3)).toEqual({ list: ['a'] });
});
