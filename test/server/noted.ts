import type { Session } from './session';
import { Refusal } from './store/account';
import type { Annotations } from './store/annotations';

/** What can be read and set of a mailbox's or the server's annotations in a session. */
export interface Noted {
	list(): { entry: string; value: Buffer }[];
	/** @param values by entry; undefined deletes. @throws Refusal NOPERM, METADATA … */
	set(values: ReadonlyMap<string, Buffer | undefined>): void;
}

/**
 * @param name of a mailbox; '' for the server, where all share what only an administrator sets
 * @throws Refusal NONEXISTENT
 */
export function notedOf(session: Session, name: string): Noted {
	const { annotationLimits, serverAnnotations } = session.settings;
	if (name !== '') {
		const { annotations } = session.user.mailbox(name);
		return {
			list: () => annotations.list(),
			set: (values) => annotations.set(values, annotationLimits),
		};
	}
	const own = session.user.serverAnnotations;
	return {
		list: () => [...own.list(), ...serverAnnotations.list()],
		set(values) {
			const shared = [...values].filter(([entry]) => /^\/shared\//i.test(entry));
			if (shared.length > 0 && !session.administrates)
				throw new Refusal('NOPERM', 'Only an administrator can set what all share');
			const priv = [...values].filter(([entry]) => !/^\/shared\//i.test(entry));
			const set = (annotations: Annotations, part: typeof shared): void =>
				annotations.set(new Map(part), annotationLimits);
			set(serverAnnotations, shared);
			set(own, priv);
		},
	};
}
