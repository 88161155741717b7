import { BadSyntax } from '../command-reader';
import type { CommandReader } from '../command-reader';
import type { CommandHandler, Session } from '../session';
import { Refusal } from '../store/account';
import type { Quota, Resource } from '../store/quota';
import { writtenString } from '../written-string';

const LOGGED_IN = ['authenticated', 'selected'] as const;

/** One's own root has no name; administrators reach those of others as `user/NAME`. */
const OWN = '';

function readRoot(reader: CommandReader): string {
	reader.space();
	return reader.astring().toString('utf8');
}

/** @throws Refusal NONEXISTENT, also for a root that is not this user's business */
function quotaOf(session: Session, root: string): Quota {
	if (root === OWN) return session.user.quota;
	const user = /^user\/(.+)$/s.exec(root)?.[1];
	const account = user === undefined ? undefined : session.settings.find(user);
	if (!account || !session.administrates) throw new Refusal('NONEXISTENT', 'No such quota root');
	return account.quota;
}

function tell(session: Session, root: string, quota: Quota): void {
	const resources = quota.resources.map((resource) => resource.join(' '));
	session.data('QUOTA ', ...writtenString(root), ` (${resources.join(' ')})`);
}

/** Reads ` (STORAGE 512 MESSAGE 100)`; `()` lifts all limits. */
function readLimits(reader: CommandReader): Map<string, number> {
	reader.space();
	const limits = new Map<string, number>();
	reader.list(() => {
		const name = reader.word();
		reader.space();
		if (limits.has(name)) throw new BadSyntax(`${name} is limited twice`);
		limits.set(name, reader.number63());
	}, true);
	return limits;
}

/** QUOTA (RFC 9208 §4.1, RFC 2087). */
export const quotaCommands: Record<string, CommandHandler> = {
	GETQUOTA: {
		states: LOGGED_IN,
		needs: 'QUOTA',
		run(session, reader) {
			const root = readRoot(reader);
			reader.end();
			tell(session, root, quotaOf(session, root));
			return 'Getquota completed.';
		},
	},
	GETQUOTAROOT: {
		states: LOGGED_IN,
		needs: 'QUOTA',
		run(session, reader) {
			reader.space();
			const name = session.mailboxName(reader);
			reader.end();
			session.user.mailbox(name);
			session.data(`QUOTAROOT ${session.written(name)} "${OWN}"`);
			tell(session, OWN, session.user.quota);
			return 'Getquotaroot completed.';
		},
	},
	SETQUOTA: {
		states: LOGGED_IN,
		needs: 'QUOTA',
		run(session, reader) {
			const root = readRoot(reader);
			const limits = readLimits(reader);
			reader.end();
			if (!session.administrates)
				throw new Refusal('NOPERM', 'Only an administrator can set a quota');
			const quota = quotaOf(session, root);
			for (const name of limits.keys())
				if (name !== 'STORAGE' && name !== 'MESSAGE')
					throw new Refusal('CANNOT', `There is no limit for ${name}`);
			quota.limit(limits as Map<Resource, number>);
			tell(session, root, quota);
			return 'Setquota completed.';
		},
	},
};
