/** What a server may send between two tagged responses. */
import { expect, test } from 'vitest';
import { ResponseBudget } from '../../../engine/client/response-budget';
import { defaultLimits } from '../../../engine/wire/limits';

const budget = (limits = {}): ResponseBudget => new ResponseBudget({ ...defaultLimits, ...limits });
const times = (count: number, what: () => void): void => {
	for (let time = 0; time < count; time++) what();
};

test('as many responses that nobody asked for as the limit says, and not one more', () => {
	const one = budget({ unclaimedResponses: 3 });
	times(3, () => one.countUnclaimed());
	expect(() => one.countUnclaimed()).toThrow(
		expect.objectContaining({
			code: 'LIMIT',
			message: 'The server sent more than 3 responses that no command asked for',
		}),
	);
});

test('as many responses of an answer', () => {
	const one = budget({ answerResponses: 3 });
	times(3, () => one.countKept(10));
	expect(() => one.countKept(10)).toThrow(
		expect.objectContaining({
			code: 'LIMIT',
			message: 'The server answered with 4 responses of 40 octets, more than this client accepts',
		}),
	);
});

test('as many bytes of an answer', () => {
	const one = budget({ answerOctets: 30 });
	times(3, () => one.countKept(10));
	expect(() => one.countKept(1)).toThrow(
		'The server answered with 4 responses of 31 octets, more than this client accepts',
	);
});

test('each is counted for itself', () => {
	const one = budget({ unclaimedResponses: 2, answerResponses: 2, answerOctets: 2 });
	times(2, () => one.countUnclaimed());
	times(2, () => one.countKept(1));
	expect(() => one.countUnclaimed()).toThrow('no command asked for');
	expect(() => one.countKept(0)).toThrow('3 responses of 2 octets');
});

test('a tagged response starts all counts from zero', () => {
	const one = budget({ unclaimedResponses: 2, answerResponses: 2, answerOctets: 2 });
	times(5, () => {
		times(2, () => one.countUnclaimed());
		times(2, () => one.countKept(1));
		one.restart();
	});
});
