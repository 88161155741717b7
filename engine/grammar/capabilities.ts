/**
 * What the server says it can do. The one place that says which capability lets us use what.
 *
 * IMAP4rev2 has many former extensions built in (RFC 9051 appendix E); they count as offered where
 * rev2 is spoken: it is the only version on offer, or it was enabled.
 */
const IN_REV2 = new Set([
	'NAMESPACE',
	'UNSELECT',
	'UIDPLUS',
	'ESEARCH',
	'SEARCHRES',
	'ENABLE',
	'IDLE',
	'SASL-IR',
	'LIST-EXTENDED',
	'LIST-STATUS',
	'MOVE',
	'LITERAL-',
	'BINARY',
	'SPECIAL-USE',
	'STATUS=SIZE',
	'STATUS=DELETED',
	'CHILDREN',
]);

/** Largest literal sent without waiting under LITERAL+; a larger one is worth asking for first. */
const LITERAL_PLUS_MOST = 1024 * 1024;
/** RFC 7888 §5 */
const LITERAL_MINUS_MOST = 4096;

/** IMAP4rev2 (RFC 9051), IMAP4rev1 (RFC 3501), or what came before. */
export type ProtocolVersion = 'IMAP4rev2' | 'IMAP4rev1' | 'IMAP4';

/**
 * What a server offers.
 * @example
 * imap.capabilities.version; // 'IMAP4rev1'
 * [...imap.capabilities].filter((name) => name.startsWith('SORT')); // ['SORT', 'SORT=DISPLAY']
 */
export class Capabilities implements Iterable<string> {
	private readonly offered: ReadonlySet<string>;
	private readonly rev2: boolean;

	/** @param enabled capabilities that `* ENABLED` confirmed */
	constructor(names: Iterable<string>, enabled: ReadonlySet<string> = new Set()) {
		this.offered = new Set([...names].map((name) => name.toUpperCase()));
		this.rev2 =
			this.offered.has('IMAP4REV2') && (!this.offered.has('IMAP4REV1') || enabled.has('IMAP4REV2'));
	}

	/**
	 * Whether the server offers it, by itself or as a part of IMAP4rev2. Case doesn't matter.
	 * @example
	 * if (imap.capabilities.has('SORT')) await mailbox.sort(['DATE']);
	 */
	has(name: string): boolean {
		const upper = name.toUpperCase();
		return this.offered.has(upper) || (this.rev2 && IN_REV2.has(upper));
	}

	/** SASL mechanisms on offer, in upper case (RFC 9051 §6.2.2). */
	get mechanisms(): string[] {
		return [...this.offered]
			.filter((name) => name.startsWith('AUTH='))
			.map((name) => name.slice(5));
	}

	/** The newest version of the protocol that can be spoken now. */
	get version(): ProtocolVersion {
		if (this.rev2) return 'IMAP4rev2';
		return this.offered.has('IMAP4REV1') ? 'IMAP4rev1' : 'IMAP4';
	}

	/** Octets of the largest message that any mailbox takes (RFC 7889 §2); undefined if the server does not say. */
	get appendLimit(): number | undefined {
		const [limit] = [...this.offered].flatMap(
			(name) => /^APPENDLIMIT=(\d+)$/.exec(name)?.[1] ?? [],
		);
		return limit === undefined ? undefined : Number(limit);
	}

	/** Largest literal that may be sent at once, in octets; 0 for none (RFC 7888). */
	get nonSynchronizing(): number {
		if (this.has('LITERAL+')) return LITERAL_PLUS_MOST;
		return this.has('LITERAL-') ? LITERAL_MINUS_MOST : 0;
	}

	/** The names as the server sent them, in upper case. */
	[Symbol.iterator](): Iterator<string> {
		return this.offered[Symbol.iterator]();
	}
}
