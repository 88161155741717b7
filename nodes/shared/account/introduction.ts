/**
 * NetEase (163, 126, yeah.net) and QQ open no mailbox for a client that has not said what it is: SELECT is
 * refused with "Unsafe Login". Others get no ID.
 */
import { Imap4Error, type Imap4 } from '../../../engine/index';

const HOSTS = /(?:^|\.)(?:163|126|188|netease|qq)\.com$|(?:^|\.)yeah\.net$/i;
const GREETING = /coremail|netease|qqmail/i;

/** What is said (RFC 2971 §3.3). */
const CLIENT = { name: 'n8n-nodes-imap4', version: '1', vendor: 'n8n-nodes-imap4' };

/** Sends ID where the server insists on it. @throws Imap4Error if the connection breaks */
export async function introduce(imap: Imap4, host = ''): Promise<void> {
	const text = imap.greeting?.text ?? '';
	if (!HOSTS.test(host) && !GREETING.test(text)) return;
	try {
		await imap.id(CLIENT);
	} catch (error) {
		// Whether it is needed shows when a mailbox is opened.
		if (!(error instanceof Imap4Error) || imap.closedBy) throw error;
	}
}
