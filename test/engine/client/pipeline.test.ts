/** Which commands may be in flight together (RFC 9051 §5.5), and whose a response is. */
import { describe, expect, test } from 'vitest';
import type { Pending } from '../../../engine/client/pipeline';
import { Pipeline } from '../../../engine/client/pipeline';
import type { Command, Pipelining } from '../../../engine/commands/command';
import { AUTHENTICATED, NOT_AUTHENTICATED, SELECTED } from '../../../engine/commands/command';
import type { UntaggedResponse } from '../../../engine/index';

let tags = 0;

/** A command that waits; without a name it is one that may be sent at any time. */
function waiting(properties: Partial<Command<unknown>> = {}): Pending {
	return {
		command: {
			name: 'X',
			args: [],
			states: AUTHENTICATED,
			pipelining: 'free',
			done: () => undefined,
			...properties,
		},
		tag: '',
		resolve: () => undefined,
		reject: () => undefined,
	};
}

/** Sends what may be sent. @returns what was */
function send(pipeline: Pipeline, ...added: Pending[]): Pending[] {
	for (const one of added) pipeline.add(one);
	const sent: Pending[] = [];
	for (let next = pipeline.next(); next; next = pipeline.next()) {
		expect(sent).not.toContain(next);
		next.tag = `A${++tags}`;
		pipeline.sent(next);
		sent.push(next);
	}
	return sent;
}

describe('beside a command that', () => {
	test.each<[Pipelining, Pipelining, boolean]>([
		['free', 'free', true],
		['free', 'numbers', false],
		['free', 'numbers, renumbering', false],
		['free', 'alone', false],
		['numbers', 'free', true],
		['numbers', 'numbers', true],
		['numbers', 'numbers, renumbering', true],
		['numbers', 'alone', false],
		['numbers, renumbering', 'free', true],
		['numbers, renumbering', 'numbers', false],
		['numbers, renumbering', 'numbers, renumbering', false],
		['numbers, renumbering', 'alone', false],
		['alone', 'free', false],
		['alone', 'numbers', false],
		['alone', 'numbers, renumbering', false],
		['alone', 'alone', false],
	])('is “%s”, one that is “%s” may be sent: %s', (before, after, allowed) => {
		const pipeline = new Pipeline();
		const [first, second] = [waiting({ pipelining: before }), waiting({ pipelining: after })];
		expect(send(pipeline, first, second)).toEqual(allowed ? [first, second] : [first]);
		expect(pipeline.answered(first.tag)).toBe(first);
		expect(send(pipeline)).toEqual(allowed ? [] : [second]);
	});

	test('may be sent, one that may not keeps all behind it waiting: the order stays', () => {
		const pipeline = new Pipeline();
		const all = [waiting(), waiting({ pipelining: 'alone' }), waiting()];
		expect(send(pipeline, ...all)).toEqual([all[0]]);
		expect(pipeline.idle).toBe(false);
	});

	test('may be sent, it needs all before it to allow it, not only one', () => {
		const pipeline = new Pipeline();
		send(pipeline, waiting({ pipelining: 'numbers' }), waiting());
		expect(send(pipeline, waiting({ pipelining: 'numbers' }))).toEqual([]);
	});
});

describe('with a login', () => {
	const login = (properties: Partial<Command<unknown>> = {}): Pending =>
		waiting({
			name: 'LOGIN',
			states: NOT_AUTHENTICATED,
			pipelining: 'alone',
			leadsTo: 'authenticated',
			...properties,
		});
	const list = (properties: Partial<Command<unknown>> = {}): Pending =>
		waiting({ name: 'LIST', speculative: true, ...properties });

	test('a command that only reads is sent', () => {
		const pipeline = new Pipeline();
		const [first, second, third] = [login(), list(), list()];
		expect(send(pipeline, first, second, third)).toEqual([first, second, third]);
		expect(second.behind).toBe(first);
		expect(third.behind).toBe(first);
		expect(pipeline.isAhead(second)).toBe(true);
		expect(pipeline.isAhead(first)).toBe(false);
		pipeline.answered(first.tag);
		expect(pipeline.isAhead(second)).toBe(false);
	});

	test.each<[string, Pending, Pending]>([
		['that changes something', login(), waiting()],
		['that says nothing of itself', login(), waiting({ speculative: false })],
		['that needs another state', login(), list({ states: SELECTED })],
		['behind one that leads nowhere', login({ leadsTo: undefined }), list()],
		['behind a login whose server has yet to ask', login({ challenges: 1 }), list()],
	])('a command %s is not sent', (_which, first, second) => {
		const pipeline = new Pipeline();
		expect(send(pipeline, first, second)).toEqual([first]);
		expect(second.behind).toBeUndefined();
	});

	test('it is sent once the login has answered all that the server asks', () => {
		const pipeline = new Pipeline();
		const [first, second] = [login({ challenges: 2 }), list()];
		send(pipeline, first, second);
		first.responses = 1;
		expect(send(pipeline)).toEqual([]);
		first.responses = 2;
		expect(send(pipeline)).toEqual([second]);
	});

	test('one that cannot be sent whole waits for the login, and those behind it wait too', () => {
		const pipeline = new Pipeline();
		const [first, second, third] = [login(), list(), list()];
		for (const one of [first, second, third]) pipeline.add(one);
		pipeline.sent(pipeline.next() as Pending);
		expect(pipeline.next()).toBe(second);
		pipeline.putBack(second);
		expect(second.behind).toBeUndefined();
		expect(pipeline.next()).toBeUndefined();
		pipeline.answered(first.tag);
		expect(send(pipeline)).toEqual([second, third]);
	});

	test('SELECT goes with it, and what needs the mailbox goes with SELECT', () => {
		const pipeline = new Pipeline();
		const select = list({ name: 'EXAMINE', pipelining: 'alone', leadsTo: 'selected' });
		const check = list({ name: 'CHECK', states: SELECTED });
		const all = [login(), select, check];
		expect(send(pipeline, ...all)).toEqual(all);
		expect(check.behind).toBe(select);
	});

	test.each<[string, Partial<Command<unknown>>]>([
		['speaks of message numbers', { pipelining: 'numbers' }],
		['must be alone', { pipelining: 'alone' }],
	])('nothing is sent behind a command that %s', (_which, properties) => {
		const pipeline = new Pipeline();
		const [first, second] = [login(), list(properties)];
		expect(send(pipeline, first, second, list())).toEqual([first, second]);
	});

	test('nothing is sent behind a command that changes something, which was on its way', () => {
		const pipeline = new Pipeline();
		send(pipeline, waiting());
		pipeline.sent(login());
		expect(send(pipeline, list())).toEqual([]);
	});
});

describe('the commands that are not answered', () => {
	test('are idle when there are none', () => {
		const pipeline = new Pipeline();
		expect([pipeline.idle, pipeline.oldest]).toEqual([true, undefined]);
		const one = waiting();
		pipeline.add(one);
		expect([pipeline.idle, pipeline.oldest]).toEqual([false, undefined]);
		send(pipeline);
		expect([pipeline.idle, pipeline.oldest]).toEqual([false, one.command]);
		pipeline.answered(one.tag);
		expect(pipeline.idle).toBe(true);
	});

	test('are answered by their tags, in any order, each once', () => {
		const pipeline = new Pipeline();
		const all = [waiting(), waiting(), waiting()];
		send(pipeline, ...all);
		expect(pipeline.answered('nonsense')).toBeUndefined();
		expect(pipeline.answered(all[1]?.tag ?? '')).toBe(all[1]);
		expect(pipeline.answered(all[1]?.tag ?? '')).toBeUndefined();
		expect(pipeline.inFlight).toEqual([all[0], all[2]]);
	});

	test('can be withdrawn until they are sent', () => {
		const pipeline = new Pipeline();
		const all = [waiting({ pipelining: 'alone' }), waiting(), waiting()];
		const [first, second, third] = all as [Pending, Pending, Pending];
		send(pipeline, ...all);
		expect(pipeline.withdraw(first)).toBe(false);
		expect(pipeline.withdraw(second)).toBe(true);
		expect(pipeline.withdraw(second)).toBe(false);
		expect(pipeline.drain()).toEqual([first, third]);
		expect(pipeline.idle).toBe(true);
		expect(pipeline.drain()).toEqual([]);
	});

	test('are found by what they can do', () => {
		const pipeline = new Pipeline();
		const [one, other] = [waiting(), waiting({ noTimeout: true })];
		send(pipeline, one, other);
		expect(pipeline.find((command) => command.noTimeout)).toBe(other);
		expect(pipeline.find((command) => command.onChallenge)).toBeUndefined();
	});

	test('may be asked for more twenty times, not without end', () => {
		const pipeline = new Pipeline();
		const one = waiting();
		for (let time = 0; time < 20; time++) pipeline.countChallenge(one);
		expect(() => pipeline.countChallenge(one)).toThrow(
			expect.objectContaining({
				code: 'PROTOCOL',
				message: 'The server sent more than 20 challenges in one login',
			}),
		);
	});
});

describe('commands that wait behind one another', () => {
	const contended = (...commands: Partial<Command<unknown>>[]): boolean => {
		const pipeline = new Pipeline();
		send(pipeline, ...commands.map(waiting));
		return pipeline.contended;
	};
	const [consumer, other] = [{}, {}];
	const alone = 'alone' as const;

	test.each<[string, Partial<Command<unknown>>[], boolean]>([
		['none', [], false],
		['one', [{}], false],
		['two in flight', [{}, {}], true],
		['one in flight, one to be sent', [{ pipelining: alone }, {}], true],
		['one with a consumer', [{ consumer }], false],
		['two with the same consumer', [{ consumer }, { consumer }], false],
		['two with different ones', [{ consumer }, { consumer: other }], true],
		['one with a consumer, one without', [{ consumer }, {}], true],
		[
			'one of the same in flight, one of the same to be sent',
			[{ consumer, pipelining: alone }, { consumer }],
			false,
		],
		['one of another to be sent', [{ consumer, pipelining: alone }, { consumer: other }], true],
		['three, the last of another', [{ consumer }, { consumer }, {}], true],
	])('%s', (_which, commands, expected) => {
		expect(contended(...commands)).toBe(expected);
	});

	test('nothing was sent yet', () => {
		const pipeline = new Pipeline();
		pipeline.add(waiting());
		expect(pipeline.contended).toBe(true);
	});
});

describe('a response', () => {
	const response: UntaggedResponse = { type: 'malformed', name: 'X', text: '' };
	const accepting = (
		commands: Partial<Command<unknown>>[],
		which: number[],
		what: UntaggedResponse = response,
	): number | undefined => {
		const pipeline = new Pipeline();
		const all = commands.map(waiting);
		send(pipeline, ...all);
		const accepts = (command: Command<unknown>): boolean =>
			which.some((index) => all[index]?.command === command);
		const recipient = pipeline.recipientOf(what, accepts);
		const index = all.findIndex(({ command }) => command === recipient);
		return index < 0 ? undefined : index;
	};
	const defersTo = (): boolean => true;

	test.each<[string, Partial<Command<unknown>>[], number[], number | undefined]>([
		['nobody, where nothing was sent', [], [], undefined],
		['the only command, if it accepts it', [{}], [0], 0],
		['the only command, even if it would defer to another', [{ defersTo }], [0], 0],
		['nobody, if the only command does not', [{}], [], undefined],
		['the first that accepts it', [{}, {}, {}], [1, 2], 1],
		['the second, if the first defers to it', [{ defersTo }, {}], [0, 1], 1],
		['the first, if the second does not accept it', [{ defersTo }, {}], [0], 0],
		['the first of two that both defer', [{ defersTo }, { defersTo }], [0, 1], 0],
		['nobody, if none accepts it', [{}, { defersTo }], [], undefined],
	])('goes to %s', (_whom, commands, which, expected) => {
		expect(accepting(commands, which)).toBe(expected);
	});

	test('that names a tag goes to the command with that tag, or to nobody', () => {
		const pipeline = new Pipeline();
		const [one, other] = [waiting(), waiting()];
		send(pipeline, one, other);
		const search = (tag: string | undefined): UntaggedResponse =>
			({ type: 'ESEARCH', data: { tag } }) as UntaggedResponse;
		expect(pipeline.recipientOf(search(other.tag), () => true)).toBe(other.command);
		expect(
			pipeline.recipientOf(search(other.tag), (command) => command === one.command),
		).toBeUndefined();
		expect(pipeline.recipientOf(search('unknown'), () => true)).toBe(one.command);
		expect(pipeline.recipientOf(search(undefined), () => true)).toBe(one.command);
	});

	test('before the login is answered is none to a command that was sent with it', () => {
		const pipeline = new Pipeline();
		const first = waiting({
			pipelining: 'alone',
			leadsTo: 'authenticated',
			states: NOT_AUTHENTICATED,
		});
		const second = waiting({ speculative: true });
		send(pipeline, first, second, waiting({ speculative: true }));
		const accepts = (command: Command<unknown>): boolean => command !== first.command;
		expect(pipeline.recipientOf(response, accepts)).toBeUndefined();
		pipeline.answered(first.tag);
		expect(pipeline.recipientOf(response, accepts)).toBe(second.command);
	});
});
