/**
 * What is fuzzed, and what must hold whatever the input: it ends in a value or in an `Imap4Error`
 * of a code that fits, and what was read and is written again says the same.
 */
import assert from 'node:assert/strict';
import type { BodyStructure } from '../../engine/index';
import {
	checkFlag,
	decodeMailboxName,
	defaultLimits,
	encodeMailboxName,
	formatDay,
	formatInternalDate,
	Imap4Error,
	isMultipart,
	parseInternalDate,
	parseSearch,
	SequenceSet,
	singleParts,
} from '../../engine/index';
import { MailboxNames } from '../../engine/grammar/mailbox-name';
import { readResponse } from '../../engine/grammar/response';
import { encodeSearch } from '../../engine/grammar/search-key';
import type { Part, Segment } from '../../engine/wire/writer';
import { astring, encode, mailbox, string } from '../../engine/wire/writer';
import { SOUND } from '../engine/grammar/damaged-responses';
import type { Framing } from '../engine/wire/framed';
import { cut, framing } from '../engine/wire/framed';

export interface Target {
	/** Sound inputs to begin with. */
	seeds: readonly string[];
	/** @throws whatever shows that the engine is at fault */
	check(input: Buffer): void;
}

const DATES = [
	' 7-Jul-1996 02:44:25 -0700',
	'"01-Feb-2020 03:04:05 +0100"',
	'29-Feb-2000 23:59:60',
];
const STRUCTURES = SOUND.flatMap((line) => /BODYSTRUCTURE (.*)\)$/s.exec(line)?.[1] ?? []);

export const targets: Readonly<Record<string, Target>> = {
	reader: { seeds: SOUND, check: readerHolds },
	framer: { seeds: SOUND.map((line) => `${line}\r\n`), check: framerHolds },
	'body structure': { seeds: STRUCTURES, check: structureHolds },
	'mailbox names': {
		seeds: ['INBOX', 'Entw&APw-rfe', '&ZeVnLIqe-/&2D3cjA-', '&-', 'a&b', 'Größe/日本'],
		check: namesHold,
	},
	'sequence sets': {
		seeds: ['1', '1:20,40:*', '*', '5:1,3', '$', '1:4294967295'],
		check: setsHold,
	},
	dates: { seeds: [...DATES, '2020-02-29', '0000-01-01'], check: datesHold },
	searches: {
		seeds: [
			'UNSEEN SINCE 1-Feb-2020',
			'OR (FROM "a b" TO x) NOT 1:20,40:*',
			'HEADER Message-ID <x@y> LARGER 1000 KEYWORD $Junk',
		],
		check: searchesHold,
	},
	writer: { seeds: ['a', 'two words', 'q"\\', 'Größe\r\n', 'NIL', '{5}', ''], check: writerHolds },
};

/** The value, or undefined if it was refused with one of these codes. */
function valueOf<Value>(make: () => Value, ...codes: string[]): Value | undefined {
	try {
		return make();
	} catch (error) {
		if (error instanceof Imap4Error && codes.includes(error.code)) return undefined;
		throw error;
	}
}

function read(input: Buffer): ReturnType<typeof readResponse> {
	const context = { names: new MailboxNames(), maxDepth: defaultLimits.nestingDepth };
	return valueOf(() => readResponse(input, 0, input.length, context), 'PROTOCOL', 'LIMIT');
}

function readerHolds(input: Buffer): void {
	const response = read(input);
	if (response?.type !== 'FETCH') return;
	// What is made on demand must not throw either.
	const { internalDate, saveDate, envelope, bodyStructure } = response.message;
	if (internalDate) assert(Number.isFinite(internalDate.getTime()));
	if (saveDate) assert(Number.isFinite(saveDate.getTime()));
	if (bodyStructure) walk(bodyStructure);
	JSON.stringify(envelope);
}

function structureHolds(input: Buffer): void {
	readerHolds(Buffer.concat([Buffer.from('* 1 FETCH (BODYSTRUCTURE '), input, Buffer.from(')')]));
}

/** Every part has a number of its own, by which BODY[…] can ask for it. */
function walk(structure: BodyStructure): void {
	const numbers = [...singleParts(structure)].map(({ part }) => part);
	assert.equal(new Set(numbers).size, numbers.length);
	for (const number of numbers) assert.match(number, /^[1-9]\d*(\.[1-9]\d*)*$/);
	if (isMultipart(structure)) structure.parts.forEach(walk);
	else {
		assert(structure.size >= 0);
		if (structure.structure) walk(structure.structure);
	}
}

const TIGHT = { streamThreshold: 8, lineLength: 300, heldLiterals: 200, literalSize: 1_000 };

/** Whatever the chunks, the same comes of it. */
function framerHolds(input: Buffer): void {
	const sizes = Array.from(input.subarray(0, 20), (octet) => 1 + (octet % 11));
	const whole = framed([input]);
	assert.deepEqual(framed(cut(input, sizes)), whole);
	assert.deepEqual(framed(Array.from(input, (octet) => Buffer.from([octet]))), whole);
}

function framed(chunks: readonly Buffer[]): Framing['stretches'] | [string, boolean] {
	const { framer, stretches } = framing(TIGHT);
	let code = 'none';
	try {
		for (const chunk of chunks) framer.push(chunk);
	} catch (error) {
		if (!(error instanceof Imap4Error)) throw error;
		code = error.code;
	}
	return [...stretches, { text: `${code} ${code === 'none' && framer.unfinished}` }];
}

function namesHold(input: Buffer): void {
	const wire = input.toString('latin1');
	const names = new MailboxNames();
	const heard = names.decode(wire);
	// What LIST gave selects what LIST meant, if it can be sent at all.
	const again = valueOf(() => names.encode(heard), 'ARGUMENT');
	if (again !== undefined) assert.equal(again, wire);

	const name = input.toString('utf8');
	const sent = valueOf(() => encodeMailboxName(name), 'ARGUMENT');
	if (sent === undefined) return;
	assert.match(sent, /^[\x20-\x7e]+$/);
	assert.equal(decodeMailboxName(sent), name);
}

function setsHold(input: Buffer): void {
	const text = input.toString('latin1');
	const fromServer = SequenceSet.fromServer(text);
	const set = valueOf(() => SequenceSet.from(text), 'ARGUMENT');
	if (!set) return assert.equal(fromServer, undefined);
	if (fromServer) assert.equal(String(fromServer), String(set));
	assert.equal(String(SequenceSet.from(String(set))), String(set));
	assert.equal(set.split(30).join(','), String(set));
	assert(set.size >= 1);
	let last = 0;
	for (const [from, to] of set.ranges) {
		assert(from > last && to >= from);
		last = to;
		if (to !== Infinity) assert(set.includes(from) && set.includes(to));
	}
}

function datesHold(input: Buffer): void {
	const text = input.toString('latin1');
	valueOf(() => formatDay(text), 'ARGUMENT');
	const parsed = parseInternalDate(text);
	if (parsed) {
		assert(Number.isFinite(parsed.date.getTime()));
		dateHolds(parsed.date, parsed.offset);
	}
	if (input.length >= 8) {
		// Years 0 to 9999, and some on either side.
		const moment = -63e12 + (input.readUInt32LE(0) / 2 ** 32) * 320e12;
		dateHolds(new Date(Math.trunc(moment / 1000) * 1000), input.readInt16LE(4));
	}
}

function dateHolds(date: Date, offset: number): void {
	const written = valueOf(() => formatInternalDate(date, offset), 'ARGUMENT');
	if (written !== undefined) assert.deepEqual(parseInternalDate(written), { date, offset });
}

const ASCII = { utf8: false, nonSynchronizing: 4096, encodeMailbox: encodeMailboxName };

function searchesHold(input: Buffer): void {
	const text = input.toString('utf8');
	const query = valueOf(() => parseSearch(text), 'ARGUMENT');
	if (!query) return;
	const parts = valueOf(() => encodeSearch(query).parts, 'ARGUMENT');
	if (parts) sent(parts);
	valueOf(() => checkFlag(text), 'ARGUMENT');
}

/** The octets of the arguments; one line, but for what stands in literals. */
function sent(parts: readonly Part[]): Buffer | undefined {
	const segments = valueOf(() => encode('X', parts, ASCII), 'ARGUMENT');
	if (!segments) return undefined;
	const octets: Buffer[] = [];
	segments.forEach(({ text, literal }: Segment, index) => {
		const end = index === segments.length - 1 ? '' : `{${(literal as Buffer).length}+}`;
		assert(text.endsWith(`${end}\r\n`), 'a line ends in its literal');
		assert(!/[\r\n\0]/.test(text.slice(0, -2)), 'a second line');
		octets.push(Buffer.from(text));
		if (literal) octets.push(literal as Buffer);
	});
	return Buffer.concat(octets).subarray(0, -2);
}

/** What is written as an argument is read as the same text. */
function writerHolds(input: Buffer): void {
	const text = input.toString('utf8');
	for (const part of [astring(text), string(text)]) {
		const octets = sent([part]);
		if (!octets) continue;
		const response = read(Buffer.concat([Buffer.from('* '), octets]));
		assert.deepEqual(response, { type: 'other', name: 'X', tokens: [text] });
	}
	const named = sent([mailbox(text)]);
	if (named) assert(/^[\x20-\x7e\r\n]+$/.test(named.toString('latin1')));
}
