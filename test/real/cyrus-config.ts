import { join } from 'node:path';

/** What a Cyrus of the tests is told. */
export interface CyrusSettings {
	/** Its own folder, writable by the user it runs as. */
	folder: string;
	user: string;
	group: string;
	/** Folder of its programs. */
	programs: string;
	ports: CyrusPorts;
	/** PEM files. */
	certificate: string;
	key: string;
}

export interface CyrusPorts {
	/** Clear text, with STARTTLS on offer. */
	plain: number;
	/** TLS from the first octet. */
	tls: number;
	/** Clear text, with mechanisms that never show the password; for {@link HASHED_USER} only. */
	hashed: number;
	/** Clear text; personal mailboxes are below `INBOX.`, with `.` between levels. */
	dotted: number;
}

/** May set quotas, and see every mailbox. */
export const CYRUS_ADMIN = 'admin';
/** May act as any user (SASL authorization identity). */
export const CYRUS_PROXY = 'proxy';
/** The one user whose password Cyrus itself knows, as CRAM-MD5 and SCRAM need it. */
export const HASHED_USER = 'hashed';

/** Where Cyrus asks whether a password is right, below its folder. */
export const PASSWORD_SOCKET = join('run', 'mux');
/** Where the password of {@link HASHED_USER} is kept, below Cyrus's folder. */
export const PASSWORDS = 'sasldb2';

/** imapd.conf: every user gets an INBOX with the first login; everything that IMAP clients can notice is on. */
export function imapdConfig(settings: CyrusSettings): string {
	const { folder, user, group, certificate, key } = settings;
	const at = (...names: string[]): string => join(folder, ...names);
	return `
configdirectory: ${at('state')}
defaultpartition: default
partition-default: ${at('users')}
cyrus_user: ${user}
cyrus_group: ${group}
servername: localhost
admins: ${CYRUS_ADMIN}
proxyservers: ${CYRUS_PROXY}
tls_server_cert: ${certificate}
tls_server_key: ${key}
allowplaintext: yes
failedloginpause: 0
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: ${at(PASSWORD_SOCKET)}
dotted_altnamespace: no
dotted_unixhierarchysep: no
hashed_sasl_mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256
hashed_sasl_pwcheck_method: auxprop
hashed_sasl_auxprop_plugin: sasldb
hashed_sasl_sasldb_path: ${at(PASSWORDS)}
autocreate_post: 1
autocreate_quota: 1048576
autocreate_inbox_folders: Sent
xlist-sent: Sent
annotation_enable_legacy_commands: yes
munge8bit: no
reject8bit: no
imapidlepoll: 1
`;
}

/** cyrus.conf: which programs Cyrus's master keeps running. */
export function cyrusConfig({ folder, programs, ports }: CyrusSettings): string {
	const command = (name: string, ...more: string[]): string =>
		[`cmd="${join(programs, name)}`, '-C', join(folder, 'imapd.conf'), ...more].join(' ') + '"';
	const listen = (port: number): string => `listen="127.0.0.1:${port}"`;
	return `
START {
	recover ${command('ctl_cyrusdb', '-r')}
	idled ${command('idled')}
}
SERVICES {
	imap ${command('imapd')} ${listen(ports.plain)} prefork=2
	imaps ${command('imapd', '-s')} ${listen(ports.tls)} prefork=1
	hashed ${command('imapd')} ${listen(ports.hashed)} prefork=0
	dotted ${command('imapd')} ${listen(ports.dotted)} prefork=0
}
EVENTS {
}
`;
}
