import { join } from 'node:path';

/** What a Dovecot of the tests is told. */
export interface DovecotSettings {
	/** Its own folder, writable by the user it runs as. */
	folder: string;
	/** Name of the user, who is not root, and of a group of theirs. */
	user: string;
	group: string;
	/** The one password that lets every user name in. */
	password: string;
	ports: DovecotPorts;
	/** PEM files. */
	certificate: string;
	key: string;
	/** Who has signed clients' certificates. */
	authority: string;
	/** What tells Dovecot how to check an access token. */
	oauth: string;
	/** Where its programs and plugins are, if not where the package was built for. */
	libexec?: string;
	plugins?: string;
}

export interface DovecotPorts {
	/** Clear text, with STARTTLS on offer. */
	plain: number;
	/** TLS from the first octet. */
	tls: number;
}

/** An address on which, unlike 127.0.0.1, Dovecot takes a client for a stranger: LOGINDISABLED. */
export const STRANGE_ADDRESS = '127.0.0.3';

/** May act as any user (SASL authorization identity). */
export const DOVECOT_MASTER = 'master';
/** Users whose name begins so may set quotas. */
export const DOVECOT_ADMIN = 'admin';

/** Users whose name begins so have the layout `INBOX.`, with `.` between levels. */
export const DOVECOT_DOTTED = 'dotted';

/** The key of access tokens (HS256) is in a file of this name below that of all keys. */
export const OAUTH_KEY = ['default', 'HS256', 'default'] as const;

/** dovecot-oauth2.conf: tokens are checked here, nobody is asked. @param keys folder of the keys */
export function oauthConfig(keys: string): string {
	return `
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=${keys}/
username_attribute = sub
`;
}

/** Fields of the user database that give a user another layout than the configuration's. */
const DOTTED_LAYOUT = [
	'namespace/inbox/prefix=INBOX.',
	'namespace/inbox/separator=.',
	'namespace/shared/prefix=shared.%%%%u.',
	'namespace/shared/separator=.',
	// The dictionary of shared mailboxes has the names of the other layout, on which Dovecot 2.3.19 crashes.
	'namespace/shared/list=no',
	'namespace/public/prefix=Public.',
	'namespace/public/separator=.',
];

/** dovecot.conf: every user with one password, every plugin that IMAP clients can notice. */
export function dovecotConfig(settings: DovecotSettings): string {
	const { folder, user, group, password, ports, libexec, plugins } = settings;
	const { certificate, key, authority, oauth } = settings;
	const at = (...names: string[]): string => join(folder, ...names);
	const fields = (...all: string[]): string => all.map((field) => `userdb_${field}`).join(' ');
	return `
base_dir = ${at('run')}
state_dir = ${at('state')}
log_path = ${at('dovecot.log')}
protocols = imap
instance_name = n8n-nodes-imap4-tests
listen = 127.0.0.1, ${STRANGE_ADDRESS}
${libexec ? `libexec_dir = ${libexec}` : ''}
${plugins ? `mail_plugin_dir = ${plugins}` : ''}
import_environment = TZ LD_LIBRARY_PATH

default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = ${user}
mail_gid = ${group}
mail_home = ${at('users', '%u')}
mail_location = sdbox:~/mail
mail_fsync = never
mail_max_userip_connections = 0
mail_attribute_dict = file:%h/attributes
auth_failure_delay = 0
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer external
auth_master_user_separator = *
auth_ssl_username_from_cert = yes
disable_plaintext_auth = yes
ssl = yes
ssl_cert = <${certificate}
ssl_key = <${key}
ssl_ca = <${authority}
ssl_require_crl = no
ssl_verify_client_cert = yes
passdb {
  driver = static
  args = nopassword=yes
  mechanisms = external
}
passdb {
  driver = oauth2
  args = ${oauth}
  mechanisms = xoauth2 oauthbearer
}
passdb {
  driver = static
  args = password=${password}
  username_filter = ${DOVECOT_MASTER}
  master = yes
}
passdb {
  driver = static
  args = password=${password} ${fields(`uid=${user}`, `gid=${group}`, `home=${at('users', '%u')}`, ...DOTTED_LAYOUT)}
  username_filter = ${DOVECOT_DOTTED}*
}
# Everybody is known by the same password: a test that needs a mailbox makes up a name.
passdb {
  driver = static
  args = password=${password} allow_nets=127.0.0.0/8
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
}
userdb {
  driver = prefetch
}
userdb {
  driver = static
  args = uid=${user} gid=${group} home=${at('users', '%u')} admin=%{if;%u;*;${DOVECOT_ADMIN}*;y;n} allow_all_users=yes
}

mail_plugins = acl quota zlib notify
protocol imap {
  mail_plugins = $mail_plugins imap_acl imap_quota imap_zlib
  imap_metadata = yes
}
plugin {
  acl = vfile
  # Who acts as another has the other's rights.
  acl_user = %u
  acl_anyone = allow
  acl_shared_dict = file:${at('shared-mailboxes')}
  # The name of the root must be empty: with another one SETQUOTA crashes Dovecot 2.3.19.
  quota = count:User quota:ns=
  quota_set = dict:file:%h/quota-limits
  quota_rule = *:storage=1G
  quota_vsizes = yes
}
namespace inbox {
  type = private
  inbox = yes
  separator = /
  mailbox Drafts {
    special_use = \\Drafts
  }
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
namespace shared {
  type = shared
  separator = /
  prefix = shared/%%u/
  location = sdbox:%%h/mail
  subscriptions = no
  list = children
}
namespace public {
  type = public
  separator = /
  prefix = Public/
  location = sdbox:${at('public')}
  subscriptions = no
  list = yes
}

# All processes are the same user's, who cannot change the root folder.
service anvil {
  chroot =
  # Else each wrong password makes the next login wait longer.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = ${ports.plain}
  }
  inet_listener imaps {
    port = ${ports.tls}
    ssl = yes
  }
}
service imap {
  process_min_avail = 2
  service_count = 20
}
`;
}
