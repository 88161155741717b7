/** Whether a mailbox keeps a flag (PERMANENTFLAGS, RFC 9051 §7.1). */
import type { SelectedMailbox } from '../../../engine/index';
import { UserError } from '../errors/user-error';

/** Whether new keywords can be created. */
export function takesNewKeywords({ permanentFlags }: SelectedMailbox): boolean {
	return permanentFlags.includes('\\*');
}

/**
 * A server need not complain about a flag that it doesn't keep: it may forget it at once, or with the
 * session.
 * @throws UserError naming the flags that the mailbox does not keep
 */
export function checkPermitted(mailbox: SelectedMailbox, flags: readonly string[]): void {
	const { name, permanentFlags } = mailbox;
	// A server that doesn't say lets all flags be kept; a mailbox without any is told as read-only.
	if (permanentFlags.length === 0) return;
	// Where any keyword can be made, some servers list only the system flags that were used so far: it is tried.
	if (takesNewKeywords(mailbox)) return;
	const kept = new Set(permanentFlags.map((flag) => flag.toLowerCase()));
	const lost = flags.filter((flag) => !kept.has(flag.toLowerCase()));
	if (lost.length === 0) return;
	throw new UserError(
		`The mailbox "${name}" does not keep ${lost.map((flag) => `"${flag}"`).join(', ')} for this account; it keeps ${permanentFlags.join(' ')}. Nothing was changed.`,
		'Use one of the flags that it can store. Others usually require a right that the mailbox owner can grant, or a server that allows new keywords.',
	);
}

/** Flags of which the mailbox does not say that it keeps them, although it may. */
export function unsureFlags(mailbox: SelectedMailbox, flags: readonly string[]): string[] {
	const listed = new Set(mailbox.permanentFlags.map((flag) => flag.toLowerCase()));
	return flags.filter(
		(flag) =>
			!listed.has(flag.toLowerCase()) && (flag.startsWith('\\') || !takesNewKeywords(mailbox)),
	);
}
