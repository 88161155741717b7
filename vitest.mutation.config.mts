import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const client = (...names: string[]): string[] =>
	names.map((name) => `test/engine/client/${name}.test.ts`);

/** Tests of the client that take seconds, not minutes. */
const CLIENT = client(
	'session',
	'routing',
	'endings',
	'behaviour',
	'unreadable',
	'connecting',
	'claims',
	'cancellation',
	'deadlines',
	'login-together',
	'starttls',
	'uploads',
	'open-mailbox',
	'messages',
	'idling',
	'bodies',
	'extensions',
	'fetch-ledger',
	'multi-search',
);

/** On the in-memory server alone. */
const conformance = (...names: string[]): string[] =>
	names.map((name) => `test/conformance/${name}.test.ts`);
for (const server of ['DOVECOT', 'CYRUS', 'COURIER']) process.env[`IMAP4_TEST_${server}`] = 'none';

const trigger = (...names: string[]): string[] =>
	names.map((name) => `test/nodes/trigger/${name}.test.ts`);

const execution = (...names: string[]): string[] =>
	names.map((name) => `test/nodes/shared/execution/${name}.test.ts`);

/**
 * Where the tests are that the code of a folder or file has to answer to, the fastest first: one that
 * fails is enough.
 */
const TESTS: Record<string, string[]> = {
	'engine/auth': ['test/engine/auth', 'test/engine/client/connecting.test.ts'],
	'engine/client': ['test/engine/client', 'test/engine/grammar'],
	'engine/client/authentication.ts': [
		'test/engine/auth',
		...client('login-together', 'connecting', 'redaction'),
	],
	'engine/client/cancellation.ts': client('flow-control'),
	'engine/client/connect.ts': [
		...client('connecting', 'starttls', 'login-together', 'cancellation', 'deadlines', 'behaviour'),
		'test/engine/auth/choice.test.ts',
	],
	'engine/client/connection.ts': CLIENT,
	'engine/client/dispatcher.ts': CLIENT,
	'engine/client/idler.ts': client('idling', 'cancellation', 'claims', 'behaviour'),
	'engine/client/imap4.ts': [...client('unref', 'session'), ...conformance('session')],
	'engine/client/inbox.ts': CLIENT,
	'engine/client/messages.ts': [
		...client('messages', 'open-mailbox', 'multi-search', 'extensions', 'behaviour', 'bodies'),
		...client('routing', 'unreadable', 'uploads'),
		'test/engine/commands',
	],
	'engine/client/methods': [
		...client('signals', 'methods', 'announced-only', 'multi-search', 'starttls', 'idling'),
		...conformance('acl', 'annotations', 'quota', 'session', 'login', 'append', 'condstore'),
		...conformance('utf8', 'notify', 'compress', 'extensions', 'not-offered'),
	],
	'engine/client/open-mailbox.ts': [
		...client('open-mailbox', 'messages', 'extensions', 'behaviour', 'claims'),
		'test/engine/commands',
	],
	'engine/client/options.ts': client('connecting', 'deadlines'),
	'engine/client/server-text.ts': client('redaction'),
	'engine/client/session.ts': CLIENT,
	'engine/client/session-errors.ts': CLIENT,
	'engine/client/session-state.ts': CLIENT,
	'engine/client/streaming-fetch.ts': [
		...client('bodies', 'fetch-pieces', 'unreadable', 'behaviour', 'damaged', 'deadlines'),
		...client('redaction'),
	],
	'engine/commands/message/fetch.ts': [
		...client('claims', 'fetch-pieces', 'bodies', 'behaviour', 'extensions', 'routing'),
		'test/engine/commands/fetched-messages.test.ts',
	],
	'engine/commands/message/fetch-answers.ts': [
		'test/engine/commands/fetch-answers.test.ts',
		...client('fetch-pieces', 'claims', 'bodies', 'routing'),
	],
	'engine/commands/message/fetch-pieces.ts': [
		'test/engine/commands/fetch-pieces.test.ts',
		...client('fetch-pieces'),
	],
	'engine/wire': ['test/engine/wire', 'test/engine/grammar'],
	'engine/wire/framer.ts': [
		'test/engine/wire/framer.test.ts',
		'test/engine/wire/framer-room.test.ts',
	],
	'engine/wire/intern.ts': ['test/engine/wire/intern.test.ts', 'test/engine/wire/reader.test.ts'],
	'engine/wire/reader.ts': [
		'test/engine/wire/reader.test.ts',
		'test/engine/wire/reader-lists.test.ts',
	],
	'engine/wire/text.ts': ['test/engine/wire/reader.test.ts'],
	'engine/wire/writer.ts': [
		'test/engine/wire/arguments.test.ts',
		'test/engine/wire/writer.test.ts',
	],
	'nodes/shared/account': [
		'test/nodes/known-logins.test.ts',
		'test/nodes/pool-lending.test.ts',
		'test/nodes/pool-limits.test.ts',
		'test/nodes/pool-purity.test.ts',
		'test/nodes/pool.test.ts',
	],
	'nodes/shared/execution': [
		'test/nodes/shared/execution',
		'test/nodes/accounting.test.ts',
		'test/nodes/mailbox.test.ts',
		'test/nodes/flags.test.ts',
		'test/nodes/keep-input.test.ts',
		'test/nodes/message/change.test.ts',
		'test/nodes/message/get.test.ts',
	],
	'nodes/shared/execution/count-limit.ts': execution('count-limit', 'safeguards'),
	'nodes/shared/execution/fetch-each.ts': execution('fetch-each', 'message-results'),
	'nodes/shared/execution/kept-messages.ts': execution('kept-messages'),
	'nodes/shared/execution/requested-messages.ts': execution('requested-messages'),
	'nodes/shared/execution/message-lookup.ts': execution('message-lookup', 'safeguards'),
	'nodes/shared/execution/message-results.ts': execution('message-results', 'fetch-each'),
	'nodes/Imap4MessageTrigger/acknowledgement-keyword.ts': trigger('acknowledgement-keyword'),
	'nodes/Imap4MessageTrigger/cursor-check.ts': trigger('cursor-check'),
	'nodes/Imap4MessageTrigger/deactivation.ts': trigger('deactivation'),
	'nodes/Imap4MessageTrigger/failure-reports.ts': trigger('failure-reports'),
	'nodes/Imap4MessageTrigger/flag-sets.ts': trigger('flag-sets'),
	'nodes/Imap4MessageTrigger/manual-test.ts': trigger('manual-test'),
	'nodes/Imap4MessageTrigger/message-items.ts': trigger('message-items'),
	'nodes/Imap4MessageTrigger/poll-context.ts': trigger('poll-context'),
	'nodes/Imap4MessageTrigger/schedule.ts': trigger('fixed-schedule', 'schedule'),
	'nodes/Imap4MessageTrigger/settings.ts': trigger('settings'),
	'nodes/Imap4MessageTrigger/uid-sets.ts': trigger('flag-sets'),
	'nodes/Imap4MessageTrigger/mailbox-round.ts': [
		...trigger('mailbox-round', 'mailbox-round-connections'),
		'test/nodes/announced-only.test.ts',
	],
	'nodes/Imap4MessageTrigger/mailbox-poll.ts': trigger(
		'mailbox-poll',
		'events/message-received',
		'events/flags-changed',
		'uidvalidity-change',
		'unreliable-servers',
		'delivery',
	),
	'nodes/Imap4MessageTrigger/poll.ts': trigger(
		'poll',
		'delivery',
		'events',
		'failures',
		'acknowledge',
		'overdue',
		'wait-for-mail',
		'message-received',
		'many-mailboxes',
	),
	'nodes/Imap4MessageTrigger/post-delivery.ts': trigger(
		'post-delivery',
		'move-after-delivery',
		'delivery',
	),
	'nodes/Imap4MessageTrigger/wait-by-notify.ts': trigger('until-notified'),
	'nodes/Imap4MessageTrigger/wait-for-mail.ts': trigger(
		'looks-of-a-wait',
		'wait-for-mail',
		'wait-by-notify',
	),
	'nodes/Imap4MessageTrigger/watched-mailboxes.ts': trigger(
		'watched-mailboxes',
		'mailbox-round',
		'many-mailboxes',
	),
	'nodes/shared/execution/execution.ts': [
		'test/nodes/shared/execution/execution.test.ts',
		'test/nodes/shared/execution/connections.test.ts',
		'test/nodes/shared/account/or-aborted.test.ts',
		'test/nodes/shared/execution/runner.test.ts',
		'test/nodes/shared/execution/groups-of-a-sitting.test.ts',
		'test/nodes/shared/execution/stop.test.ts',
		'test/nodes/act-as-user.test.ts',
		'test/nodes/accounting.test.ts',
	],
	'nodes/shared/execution/in-mailbox.ts': [
		'test/nodes/shared/execution/in-mailbox.test.ts',
		'test/nodes/accounting.test.ts',
		'test/nodes/message/pages.test.ts',
	],
	'nodes/shared/execution/on-mailbox.ts': [
		'test/nodes/shared/execution/on-mailbox.test.ts',
		'test/nodes/mailbox.test.ts',
		'test/nodes/shared/execution/safeguards.test.ts',
	],
	'nodes/shared/execution/on-messages.ts': [
		'test/nodes/shared/execution/on-messages.test.ts',
		'test/nodes/message/change.test.ts',
		'test/nodes/shared/execution/safeguards.test.ts',
		'test/nodes/shared/execution/order.test.ts',
		'test/nodes/keep-input.test.ts',
		'test/nodes/repeated-execution.test.ts',
		'test/nodes/flags.test.ts',
		'test/nodes/account-of-a-reference.test.ts',
		'test/nodes/accounting.test.ts',
	],
	'nodes/Imap4MessageTrigger': [
		'test/nodes/trigger/stored-state.test.ts',
		'test/nodes/trigger/poll-lock.test.ts',
		'test/nodes/trigger/poll-clock.test.ts',
		'test/nodes/trigger/status-cursor.test.ts',
		'test/nodes/trigger/follow-mailboxes.test.ts',
		'test/nodes/trigger/acknowledgements.test.ts',
		'test/nodes/trigger/unreadable.test.ts',
		'test/nodes/trigger/uidvalidity-change.test.ts',
		'test/nodes/trigger/mailbox-round.test.ts',
		'test/nodes/trigger/events',
		'test/nodes/trigger',
	],
};
const mutated = process.env['MUTATED_FOLDER'] ?? 'engine/auth';
const itsOwn = [`test/${mutated}`, `test/${mutated.replace(/\.ts$/, '.test.ts')}`].find((path) =>
	existsSync(path),
);
const tests = TESTS[mutated] ?? [itsOwn ?? 'test/engine'];

const place = ({ moduleId }: TestSpecification): number =>
	tests.findIndex((path) => moduleId.includes(`/${path}`));

/** In the order in which the tests are named. */
class AsNamed extends BaseSequencer {
	override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return Promise.resolve(files.toSorted((a, b) => place(a) - place(b)));
	}
}

const { resolve } = createRequire(import.meta.url);

export default defineConfig({
	// As in vitest.config.mts: what n8n-core requires has to have the same classes.
	resolve: { alias: [{ find: /^n8n-workflow$/, replacement: resolve('n8n-workflow') }] },
	test: {
		testTimeout: 10_000,
		globalSetup: mutated.startsWith('engine/client') ? ['test/real/global-setup.ts'] : [],
		// Each file would read n8n's core again, which takes longer than the tests.
		isolate: false,
		sequence: { sequencer: AsNamed },
		// One starts a program of its own, which knows nothing of mutants. The others try hundreds of
		// generated inputs, and as many again to make one shorter that fails, for each mutant they kill; or
		// wait for seconds, for a rule that others hold too.
		testNamePattern:
			/^(?!a kept connection keeps no process alive|out of time, a poll keeps what it has|any chunking gives the same responses of generated|the writer writes texts so that|search keys )/,
		include: tests.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.test.ts`)),
		// These need servers or certificates, which take longer to start than all others to run, or read a lot.
		exclude: [
			'test/engine/imaplib-acceptance.test.ts',
			'test/engine/transport/**',
			'test/engine/client/one-odd-thing.test.ts',
			'test/engine/grammar/counts.test.ts',
			'test/nodes/trigger/on-servers.test.ts',
			'test/nodes/trigger/model.test.ts',
			'test/nodes/trigger/one-odd-thing.test.ts',
			'test/nodes/trigger/cut-everywhere.test.ts',
		],
	},
});
