import { Imap4Error } from '../errors';

/** The rights of RFC 4314 §2.1 and §2.2 by their letters. */
export const RIGHTS = {
	l: 'lookup',
	r: 'read',
	s: 'keep seen',
	w: 'write flags',
	i: 'insert',
	p: 'post',
	k: 'create mailboxes',
	x: 'delete mailbox',
	t: 'delete messages',
	e: 'expunge',
	a: 'administer',
	n: 'annotate',
	c: 'create (obsolete)',
	d: 'delete (obsolete)',
} as const;

/** What the rights of RFC 2086 stand for today (RFC 4314 §2.1.1). */
const OBSOLETE: Partial<Record<string, string>> = { c: 'kx', d: 'te' };

/**
 * Rights in the letters of RFC 4314. A server that knows those adds the old ones for old clients only
 * (§2.1.1), where they mean nothing more.
 * @returns letters, each once, in the order they came
 * @example
 * currentRights('lrsd'); // 'lrste'
 * currentRights('lrsted'); // 'lrste'
 */
export function currentRights(rights: string): string {
	const isNew = /[kxte]/.test(rights);
	const letters = [...rights].flatMap((letter) => {
		const meant = OBSOLETE[letter];
		return meant === undefined ? [letter] : isNew ? [] : [...meant];
	});
	return [...new Set(letters)].join('');
}

/**
 * Rights as SETACL takes them: letters and digits, with `+` or `-` in front to add or take away.
 * @throws Imap4Error ARGUMENT
 * @example
 * checkRights('+lrs'); // throws for 'read'
 */
export function checkRights(rights: string): string {
	if (!/^[+-]?[a-z0-9]*$/.test(rights)) {
		throw new Imap4Error(
			'ARGUMENT',
			`"${rights.slice(0, 80)}" is not a valid set of rights: use letters such as lrs, with + in front to add them or - to remove them`,
		);
	}
	return rights;
}
