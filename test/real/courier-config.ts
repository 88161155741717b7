import { join } from 'node:path';

/** What a Courier of the tests is told. */
export interface CourierSettings {
	/** Its own folder. */
	folder: string;
	/** Folder with its `usr` and `etc`. */
	root: string;
	ports: CourierPorts;
	/** PEM: certificate and key in one file. */
	certificate: string;
	/** Who `courier` shall be, the user that its package would make: it hands STARTTLS to that one. */
	owner: { uid: number; gid: number };
}

export interface CourierPorts {
	/** Clear text, with STARTTLS on offer. */
	plain: number;
	/** TLS from the first octet. */
	tls: number;
}

/** Folder in which Courier looks for the socket that knows accounts, below its own folder. */
export const ACCOUNTS_FOLDER = 'run';

const CAPABILITIES =
	'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE ' +
	'AUTH=PLAIN AUTH=LOGIN AUTH=CRAM-MD5';

/** A shell script that lays Courier's files over the machine's, for itself alone, and starts it. */
export function courierScript(settings: CourierSettings): string {
	const { folder, root, ports, certificate, owner } = settings;
	const lay = (name: string): string =>
		`mount -t overlay overlay -o lowerdir=${join(root, name)}:/${name} /${name}`;
	const add = (name: string, line: string): string =>
		`(cat /etc/${name}; echo ${line}) >${join(folder, name)}
mount --bind ${join(folder, name)} /etc/${name}`;
	const serve = (port: number, ...wrapper: string[]): string =>
		[
			'couriertcpd -address=127.0.0.1 -maxprocs=1000 -maxperip=1000 -nodnslookup -noidentlookup',
			port,
			...wrapper,
			'/usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir &',
		].join(' ');
	return `set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
${lay('usr')}
${lay('etc')}
${add('passwd', `courier:x:${owner.uid}:${owner.gid}::/:/bin/false`)}
${add('group', `courier:x:${owner.gid}:`)}
mount -t tmpfs tmpfs /run
mkdir -p /run/courier/authdaemon
mount --bind ${join(folder, ACCOUNTS_FOLDER)} /run/courier/authdaemon
set -a
. /etc/courier/imapd
. /etc/courier/imapd-ssl
IMAP_CAPABILITY='${CAPABILITIES}'
IMAP_CAPABILITY_TLS='${CAPABILITIES}'
# Seconds between looks at the mailbox during IDLE.
IMAP_IDLE_TIMEOUT=1
IMAP_ULIMITD=
# Or each DELETE and RENAME waits for two seconds to pass: UIDVALIDITY is a count of seconds.
IMAP_BROKENUIDV=1
IMAP_STARTTLS=YES
TLS_CERTFILE=${certificate}
TLS_DHPARAMS=
TLS_CACHEFILE=
${serve(ports.plain)}
IMAP_TLS=1
${serve(ports.tls, '/usr/bin/couriertls -server -tcpd -user=nobody')}
wait
`;
}
