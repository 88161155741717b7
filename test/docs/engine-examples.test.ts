/** The engine's reference: every public method has an example, and each example compiles and runs. */
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from './examples/compile';
import { Example } from './examples/example';
import { publicApi } from './examples/public-api';
import { perform } from './examples/stage';

const API = publicApi();
/** By its code, since subclasses inherit examples. */
const EXAMPLES = [
	...new Map(
		API.flatMap(({ name, examples }) =>
			examples.map((code, index) => {
				const title = index === 0 ? name : `${name} ${index + 1}`;
				return [code, new Example(title, code, true)] as const;
			}),
		),
	).values(),
];

let complaints: Map<string, string[]>;
beforeAll(() => {
	const wrong = new Example('wrong', 'await imap.open(7);', true);
	complaints = compile([...EXAMPLES, wrong]);
}, 120_000);

test('every public function, class and method has an example', () => {
	expect(API.length).toBeGreaterThan(70);
	expect(API.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
});

describe.each(EXAMPLES)('the example of $title', (example) => {
	test('compiles', () => {
		expect(complaints.get(example.title)).toEqual([]);
	});

	test('runs', async () => {
		await perform(example, (actual, expected) => expect(actual).toEqual(expected));
	});
});

describe('what is wrong with an example is found', () => {
	test('by the compiler', () => {
		expect(complaints.get('wrong')).toEqual([expect.stringContaining("'number'")]);
	});

	test('where its comment names another value', async () => {
		const example = new Example('another value', "UidSet.from('1:3').size; // 4", true);
		await expect(
			perform(example, (actual, expected) => expect(actual).toEqual(expected)),
		).rejects.toThrow('to deeply equal 4');
	});
});
