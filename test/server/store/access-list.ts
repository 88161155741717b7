/** All rights there are (RFC 4314 §2.1), in its order. */
export const RIGHTS = 'lrswipkxtea';

/** What the two rights of RFC 2086 that were split stand for (RFC 4314 §2.1.1). */
const SPLIT: Record<string, string> = { c: 'kx', d: 'te' };

/** Who may do what to a mailbox. The rights are kept, not enforced: only the owner reaches it. */
export class AccessList {
	private readonly rights = new Map<string, string>();

	constructor(private readonly owner: string) {
		this.rights.set(owner, RIGHTS);
	}

	/** Identifiers and their rights, with those of RFC 2086 for clients that know no others. */
	*entries(): Generator<[identifier: string, rights: string]> {
		for (const [identifier, rights] of this.rights) yield [identifier, withSplit(rights)];
	}

	/** What a user may do, negative rights taken off (RFC 4314 §2). */
	rightsOf(user: string): string {
		const has = (identifier: string, right: string): boolean =>
			this.rights.get(identifier)?.includes(right) ?? false;
		return withSplit(
			[...RIGHTS]
				.filter((right) => has(user, right) || has('anyone', right))
				.filter((right) => !has(`-${user}`, right) && !has('-anyone', right))
				.join(''),
		);
	}

	/** Rights that cannot be taken from somebody: the owner can always see and administer. */
	required(identifier: string): string {
		return identifier === this.owner ? 'la' : '';
	}

	/** @param rights of {@link RIGHTS}, and `c` and `d`; @param change whether to add, take away or replace */
	set(identifier: string, rights: string, change: '+' | '-' | ''): void {
		const given = [...rights].map((right) => SPLIT[right] ?? right).join('');
		const before = this.rights.get(identifier) ?? '';
		const wanted = (right: string): boolean => {
			if (this.required(identifier).includes(right)) return true;
			if (change === '') return given.includes(right);
			return given.includes(right) ? change === '+' : before.includes(right);
		};
		const now = [...RIGHTS].filter(wanted).join('');
		if (now === '') this.rights.delete(identifier);
		else this.rights.set(identifier, now);
	}

	delete(identifier: string): void {
		this.set(identifier, '', '');
	}
}

/** Those of RFC 2086 are told where any of their parts is there (RFC 4314 §2.1.1). */
function withSplit(rights: string): string {
	const split = Object.entries(SPLIT).filter(([, parts]) =>
		[...parts].some((part) => rights.includes(part)),
	);
	return rights + split.map(([right]) => right).join('');
}
