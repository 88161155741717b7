import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import type { Operation } from '../../shared/execution/operation';
import {
	dialect,
	entryProperty,
	placeProperties,
	readEntry,
	readPlace,
	readValue,
} from '../entries';

export const get: Operation = {
	name: 'Get',
	value: 'get',
	description: 'Get one annotation of a mailbox or of the server (GETMETADATA, GETANNOTATION)',
	forModel:
		'Use it to read one note by its name. Returns its value, which is null if there is none.',
	action: 'Get an annotation',
	properties: [...placeProperties, entryProperty],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		choice: readPlace,
		read: readEntry,
		async run({ imap, mailbox, settings: entry }) {
			const value = await readValue(imap, mailbox, entry);
			return { mailbox, entry, value, exists: value !== null, via: dialect(imap, mailbox) };
		},
	}),
};
