/** The flags of many messages as cursors store them, and UID sets as text. */
import { describe, expect, test } from 'vitest';
import type { MailboxCursor } from '../../../nodes/Imap4MessageTrigger/cursor';
import {
	flagsNotIn,
	flagsText,
	readFlagSets,
	splitFlags,
	writeFlagSets,
} from '../../../nodes/Imap4MessageTrigger/flag-sets';
import { setOf, uidsIn } from '../../../nodes/Imap4MessageTrigger/uid-sets';

const cursorWith = (more: Partial<MailboxCursor>): MailboxCursor => ({
	uidValidity: 1,
	lastUid: 9,
	...more,
});

test('flags are one text in whichever order they come, without \\Recent, which comes and goes by itself', () => {
	expect(flagsText(['\\Seen', '\\RECENT', '$Work', '\\Answered'])).toBe('$Work \\Answered \\Seen');
	expect(flagsText([])).toBe('');
});

test('a text is split into its flags, none where it is empty', () => {
	expect(splitFlags('$Work \\Seen')).toEqual(['$Work', '\\Seen']);
	expect(splitFlags('')).toEqual([]);
});

test('flags that are new are those of no other spelling', () => {
	expect(flagsNotIn('\\seen $Work', '\\Seen $work \\Flagged $Later')).toEqual([
		'\\Flagged',
		'$Later',
	]);
	expect(flagsNotIn('', '\\Seen')).toEqual(['\\Seen']);
	expect(flagsNotIn('\\Seen', '')).toEqual([]);
});

describe('the flags of messages', () => {
	const flags = new Map([
		[1, ''],
		[2, '\\Seen'],
		[3, '\\Seen'],
		[5, ''],
	]);

	test('are stored as one set for each text, and read again', () => {
		const flagSets = writeFlagSets(flags, 9);
		expect(flagSets).toEqual({ '': '1,5', '\\Seen': '2:3' });
		expect(readFlagSets(cursorWith({ flagSets }))).toEqual(flags);
	});

	test('are those of the newest', () => {
		expect(writeFlagSets(flags, 2)).toEqual({ '': '5', '\\Seen': '3' });
		expect(writeFlagSets(new Map(), 2)).toEqual({});
	});

	test('that a version before 0.2 stored are read, unless there are newer ones', () => {
		const stored = { 7: '\\Seen' };
		expect(readFlagSets(cursorWith({ flags: stored }))).toEqual(new Map([[7, '\\Seen']]));
		expect(readFlagSets(cursorWith({ flags: stored, flagSets: {} }))).toEqual(new Map());
	});

	test('are unknown where none were ever stored', () => {
		expect(readFlagSets(cursorWith({}))).toBeUndefined();
	});
});

test('UIDs are stored as a set, and none as nothing', () => {
	expect(setOf([3, 1, 2, 7])).toBe('1:3,7');
	expect(setOf([])).toBeUndefined();
	expect(uidsIn('1:3,7')).toEqual([1, 2, 3, 7]);
	expect(uidsIn('')).toEqual([]);
	expect(uidsIn(undefined)).toEqual([]);
});
