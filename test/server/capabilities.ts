import { offeredMechanisms } from './sasl/mechanisms';
import type { Settings, State, Wire } from './session';

/** The versions a server can speak: RFC 1730, RFC 3501, RFC 9051. */
export type Protocol = 'IMAP4' | 'IMAP4rev1' | 'IMAP4rev2';

const EXTENSIONS =
	'LITERAL+ SASL-IR ID ENABLE NAMESPACE UIDPLUS MOVE UNSELECT SPECIAL-USE CREATE-SPECIAL-USE CHILDREN LIST-EXTENDED LIST-STATUS STATUS=SIZE ESEARCH MULTIAPPEND IDLE NOTIFY SORT SORT=DISPLAY ESORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES SEARCHRES WITHIN PARTIAL SAVEDATE OBJECTID PREVIEW CONDSTORE QRESYNC BINARY REPLACE ACL RIGHTS=texk QUOTA QUOTASET QUOTA=RES-STORAGE QUOTA=RES-MESSAGE METADATA ANNOTATEMORE COMPRESS=DEFLATE UTF8=ACCEPT'.split(
		' ',
	);

/** What was an extension once and belongs to IMAP4rev2 itself (RFC 9051 appendix E). */
const IN_REV2 = new Set(
	'NAMESPACE UNSELECT UIDPLUS ESEARCH SEARCHRES ENABLE IDLE SASL-IR LIST-EXTENDED LIST-STATUS MOVE LITERAL- BINARY SPECIAL-USE STATUS=SIZE CHILDREN'.split(
		' ',
	),
);

/** What a session offers, as it depends on its state and on what the server was told. */
export class Capabilities {
	/** Those offered in every state. */
	private readonly always: readonly string[];
	private readonly quick: ReadonlySet<string>;
	private readonly gone: ReadonlySet<string>;

	constructor(
		private readonly settings: Settings,
		private readonly wire: Wire,
	) {
		const { capabilities, protocols, appendLimit } = settings;
		this.gone = new Set(capabilities.remove.map((name) => name.toUpperCase()));
		const onlyRev2 = protocols.every((name) => name === 'IMAP4rev2');
		const limit = appendLimit === undefined ? [] : [`APPENDLIMIT=${appendLimit}`];
		this.always = [...protocols, ...EXTENSIONS, ...limit]
			.filter((name) => this.offers(name))
			// LITERAL-, which is a part of IMAP4rev2, would mean nothing beside it.
			.filter((name) => name !== 'LITERAL+' || !onlyRev2);
		this.quick = new Set(this.always);
	}

	/** As they are told in this state. */
	list(state: State): string[] {
		const { settings, wire } = this;
		const login =
			state === 'not authenticated'
				? [
						...(wire.starttls && !wire.secure ? ['STARTTLS'] : []),
						...offeredMechanisms(settings, wire).map((name) => `AUTH=${name}`),
						...(mayUseLogin(settings, wire) ? [] : ['LOGINDISABLED']),
					]
				: [];
		const all = [...this.always, ...login, ...settings.capabilities.add];
		return [...new Set(all)].filter((name) => this.offers(name));
	}

	/** @param rev2 whether IMAP4rev2 is what the session speaks */
	has(capability: string, state: State, rev2: boolean): boolean {
		// What most questions are about, without making the list.
		if (this.quick.has(capability) || (rev2 && IN_REV2.has(capability))) return true;
		return this.list(state).some((one) => one.toUpperCase() === capability.toUpperCase());
	}

	private offers(name: string): boolean {
		return !this.gone.has(name.toUpperCase());
	}
}

/** Whether a password may cross this connection. */
export function mayShowPassword({ allowPlaintextLogin }: Settings, { secure }: Wire): boolean {
	return secure || allowPlaintextLogin;
}

/** Whether the LOGIN command may be used (RFC 3501 §6.2.3). */
export function mayUseLogin(settings: Settings, wire: Wire): boolean {
	return settings.loginCommand && mayShowPassword(settings, wire);
}
