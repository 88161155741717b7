/** A mailbox as a user chose it in a field; which one that is on the server, MailboxResolver finds out. */
import { withoutTrailing } from '../../../mail/trailing';
import { UserError } from '../errors/user-error';
import { isEmptyValue } from '../fields/strict-values';
import { MAILBOX_ROLES, ROLE_FACTS, type MailboxRole } from './mailbox-roles';

export type MailboxChoice =
	/** Exactly this name: chosen from the server's list, or from a reference. */
	| { by: 'name'; name: string }
	/** A path as people write it, with `/` between levels; `computed` if an expression returned it. */
	| { by: 'path'; path: string; computed?: true }
	| { by: 'role'; role: MailboxRole };

/**
 * @param value the resource locator's value, of any type since an expression can give any
 * @param label of the field, for errors
 * @param computed whether an expression returned the value
 * @throws UserError if it is empty or cannot name a mailbox
 */
export function mailboxChoice(
	mode: string,
	value: unknown,
	label: string,
	computed = false,
): MailboxChoice {
	if (isEmptyValue(value)) {
		throw new UserError(
			`The field "${label}" is empty`,
			'Choose a mailbox from the list, enter its path, or choose its role. If the field is an expression, check what it returns.',
		);
	}
	// A mailbox may be called after a year; none is called after what a switch or a comparison returned.
	const name = Number.isFinite(value) ? String(value) : value;
	if (typeof name !== 'string') throw notText(value, label);
	if (/[\r\n\0]/.test(name)) {
		throw new UserError(
			`The field "${label}" contains a line break, which mailbox names cannot contain`,
			'Remove it from the field, or from what the expression returns.',
		);
	}
	if (mode === 'role') return { by: 'role', role: roleNamed(name, label) };
	if (computed) checkLevels(name, '/', label);
	if (mode !== 'path') return { by: 'name', name };
	return computed ? { by: 'path', path: name, computed } : { by: 'path', path: mailboxPath(name) };
}

const notText = (value: unknown, label: string): UserError =>
	new UserError(
		`The field "${label}" must be the path of a mailbox; it is ${JSON.stringify(value).slice(0, 80)}`,
		'Check what the expression returns.',
	);

/**
 * A level for which an expression returned nothing makes it another mailbox: `Projects/` is `Projects`, and to some
 * servers `A//B` is `A/B`.
 * @param delimiter between levels; null where there are none
 * @param label of the field, if it is known
 * @throws UserError if one is empty
 */
export function checkLevels(path: string, delimiter: string | null, label?: string): void {
	if (delimiter === null || path.split(delimiter).every((level) => level.trim() !== '')) return;
	const where = label === undefined ? '' : ` in the field "${label}"`;
	throw new UserError(
		`"${path.slice(0, 100)}"${where} has an empty level, so it could name another mailbox`,
		'Check what the expression returns.',
	);
}

/** What a value that is missing or invalid becomes when an expression makes text of it. */
const NO_VALUE = /^(?:undefined|null|NaN|\[object Object\]|Invalid Date(?:Time)?)$/;

/** @throws UserError if a level of a new mailbox's path is what expressions make of a missing value */
export function checkNewLevels(path: string): void {
	const level = path.split(/[/.]/).find((one) => NO_VALUE.test(one));
	if (level === undefined) return;
	throw new UserError(
		`No mailbox "${path.slice(0, 100)}" was created, since "${level}" is what an expression returns for a missing value`,
		'Check what the expression returns.',
	);
}

/** A delimiter at the end says that child mailboxes may follow (RFC 9051 §6.3.4), and is not part of the name. */
export const mailboxPath = (written: string): string => withoutTrailing(written, '/') || written;

/** As shown in the editor, as the server's attribute, or as mailboxes of the role are usually called. */
function roleNamed(value: string, label: string): MailboxRole {
	const wanted = value.trim().replace(/^\\/, '').toLowerCase();
	const role =
		MAILBOX_ROLES.find((one) => one === wanted || ROLE_FACTS[one].label.toLowerCase() === wanted) ??
		MAILBOX_ROLES.find((one) => ROLE_FACTS[one].names.includes(wanted));
	if (role) return role;
	throw new UserError(
		`"${value.slice(0, 100)}" is not a mailbox role (field "${label}")`,
		`Use one of these: ${MAILBOX_ROLES.map((one) => ROLE_FACTS[one].label).join(', ')}.`,
	);
}

/** Two choices with the same key are the same mailbox. */
export function choiceKey(choice: MailboxChoice): string {
	return JSON.stringify(choice);
}

/**
 * Equal for two choices that may turn out to be the same mailbox: a path can get another prefix and
 * other delimiters on the server, and some servers ignore case.
 * @returns undefined for one that may be any mailbox
 */
export function possiblySame(choice: MailboxChoice): string | undefined {
	if (choice.by === 'role') return undefined;
	return choiceText(choice)
		.split(/[^\p{L}\p{M}\p{N}]+/u)
		.filter((word) => word !== '')
		.at(-1)
		?.normalize('NFC')
		.toLowerCase();
}

/** The choice in words, for errors and outputs. */
export function choiceText(choice: MailboxChoice): string {
	switch (choice.by) {
		case 'name':
			return choice.name;
		case 'path':
			return choice.path;
		case 'role':
			return ROLE_FACTS[choice.role].label;
	}
}
