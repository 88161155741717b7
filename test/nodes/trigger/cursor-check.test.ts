/** Which cursors make sense: static data can be damaged in any field. */
import { describe, expect, test } from 'vitest';
import {
	isSoundCursor,
	soundList,
	soundMailboxes,
	soundText,
	soundTexts,
} from '../../../nodes/Imap4MessageTrigger/cursor-check';

const VALUES = [null, '', 'x', -1, 1.5, {}, [], [null], { a: 1 }, { 7: null }, true, 1e300];

describe('a cursor', () => {
	const sound = {
		uidValidity: 1,
		mailboxId: 'F1',
		goneSince: 1,
		lastUid: 7,
		queue: '1:3',
		held: { 5: { tries: 1, reason: 'no', broke: true } },
		suspects: '4',
		inFlight: { 6: { given: 1, times: 1, seen: false, keyword: 1, who: 'w' } },
		pending: '1,3',
		fingerprints: ['w'],
		modSeq: '9223372036854775807',
		flagSets: { '': '1', '\\Seen $x': '2:3' },
		flags: { 1: '\\Seen' },
		known: '',
		uidNext: 8,
		exists: 7,
		renumbered: 1,
		above: ['ROOT STORAGE'],
		baseline: true,
		fromNow: true,
		wrongUidNext: true,
		ofALaterVersion: { any: 'thing' },
	};

	test('is sound with every field, and with what each cursor has', () => {
		expect(isSoundCursor(sound)).toBe(true);
		expect(isSoundCursor({ uidValidity: null, lastUid: 0 })).toBe(true);
	});

	test.each<[string, unknown]>([
		['lastUid', 2 ** 32 - 1],
		['goneSince', 0],
		['inFlight', { 6: { given: 0, times: 1 } }],
		['held', { 12: { tries: 0, reason: '' }, 4294967295: { tries: 1, reason: '' } }],
	])('is sound where %s is at its limit, or has only what it must have', (field, value) => {
		expect(isSoundCursor({ ...sound, [field]: value })).toBe(true);
	});

	test.each([undefined, null, 'x', 7, [sound]])('is damaged where it is %j', (value) => {
		expect(isSoundCursor(value)).toBe(false);
	});

	const held = { tries: 1, reason: 'no' };
	const inFlight = { given: 1, times: 1 };
	test.each<[string, unknown[]]>([
		['fingerprints', [['x', 1]]],
		['held', [{ 5: held, 6: {} }, { 5: held, '05': held }, { '5x': held }, { x5: held }]],
		['inFlight', [{ 5: inFlight, 6: { ...inFlight, keyword: 'x' } }]],
		['flagSets', [{ a: '1', b: 'x' }]],
		['modSeq', [5]],
	])('is damaged where one thing in %s is not what it has to be', (field, values) => {
		for (const value of values) {
			expect([value, isSoundCursor({ ...sound, [field]: value })]).toEqual([value, false]);
		}
	});

	test.each<[string, unknown[]]>([
		['lastUid', [...VALUES, undefined, 2 ** 32]],
		['uidValidity', [...VALUES.slice(1), undefined]],
		['queue', [...VALUES, '0', '1:*', '4294967296', '1:2:3']],
		['suspects', VALUES],
		['pending', VALUES],
		['known', VALUES.filter((value) => value !== '')],
		['held', [...VALUES.filter((value) => JSON.stringify(value) !== '{}'), { 7: { tries: 1 } }]],
		['inFlight', [{ 7: {} }, { 7: { given: 'x', times: 1 } }, { x: { given: 1, times: 1 } }, 'x']],
		['fingerprints', ['x', [1], {}, null]],
		['modSeq', [...VALUES, '99999999999999999999']],
		['flagSets', ['x', [], { a: 'x' }, null]],
		['flags', ['x', [], { 1: 2 }, { a: 'x' }]],
		['uidNext', VALUES],
		['exists', VALUES],
		['goneSince', ['x', null, -1, {}]],
		['baseline', ['x', 0, null]],
	])('is damaged where %s is not what it has to be', (field, values) => {
		for (const value of values) {
			expect([value, isSoundCursor({ ...sound, [field]: value })]).toEqual([value, false]);
		}
	});
});

test('what else is remembered is kept if it is all of its kind', () => {
	const texts = { a: 'x', b: '' };
	expect(soundTexts(texts)).toBe(texts);
	expect([{ a: 'x', b: 1 }, ['x'], 'x', null].map(soundTexts)).toEqual(Array(4).fill(undefined));
	expect(['x', '', 1, null, ['x']].map(soundText)).toEqual(['x', '', ...Array(3).fill(undefined)]);
	expect([['x'], [], ['x', 1], 'x', {}].map(soundList)).toEqual([
		['x'],
		[],
		...Array(3).fill(undefined),
	]);
	expect([{ a: 1 }, ['x'], 'x', null].map(soundMailboxes)).toEqual([
		{ a: 1 },
		...Array(3).fill(undefined),
	]);
});
