import { useModSeqs } from '../condstore';
import type { Session } from '../session';

/** What ENABLE switches on, by the name given to it (RFC 5161 §3.1). */
export const ENABLE: Record<string, (session: Session) => void> = {
	CONDSTORE: useModSeqs,
	QRESYNC(session) {
		useModSeqs(session);
		session.enabled.add('QRESYNC');
	},
	'UTF8=ACCEPT': (session) => void session.enabled.add('UTF8=ACCEPT'),
	IMAP4REV2: (session) => void session.enabled.add('IMAP4REV2'),
};
