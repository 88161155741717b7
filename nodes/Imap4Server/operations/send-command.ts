import type { Argument } from '../../../engine/index';
import { responseCodeName } from '../../../engine/index';
import { openMailbox } from '../../shared/mailbox/open-mailbox';
import { runsAsTool } from '../../shared/execution/ai-tool';
import type { Execution } from '../../shared/execution/execution';
import { strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { probe } from '../../shared/account/connection-pool';

/** @throws UserError if the text is no JSON array of texts, numbers, nulls and such arrays */
function readArguments(execution: Execution, item: number): Argument[] {
	const given = execution.parameter<unknown>('arguments', item, '[]');
	const list = typeof given === 'string' ? parsed(given.trim() || '[]') : given;
	if (Array.isArray(list)) return list as Argument[];
	throw new UserError(
		'The field "Arguments" must be a JSON array',
		'Enter an array such as ["INBOX", 5, null, ["a", "b"]].',
	);
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}

async function execute(execution: Execution): Promise<void> {
	const { context } = execution;
	// A language model must not be able to send just anything to a mail server.
	if (runsAsTool(context)) {
		throw new UserError(
			'AI agents cannot send IMAP commands',
			'Give the agent another IMAP4 node instead.',
		);
	}
	await execution.eachAccount(async (account, items) => {
		for (const item of items) {
			execution.checkCancelled();
			await execution.guarded([item], undefined, async () => {
				const name = strictText(execution.parameter<unknown>('command', item, ''), 'Command', {
					required: true,
				}).trim();
				const args = readArguments(execution, item);
				const mailbox = strictText(
					execution.parameter<unknown>('mailboxPath', item, ''),
					'Mailbox to Open First',
				);
				const open = execution.toggle('readOnly', 'Read-Only', item, true);
				await execution.connection(account, probe, async (imap) => {
					if (mailbox !== '') await openMailbox(imap, mailbox, { readOnly: open });
					const { text, code, lines } = await imap.command(name, args);
					execution.emit(item, {
						command: name.toUpperCase(),
						text,
						responseCode: code ? responseCodeName(code) : null,
						responses: lines.map((line) => line.toString()),
					});
				});
			});
		}
	});
}

export const sendCommand: Operation = {
	name: 'Send Command',
	value: 'sendCommand',
	description:
		"Send an extension command and return the server's raw response; not available to AI agents",
	action: 'Send an IMAP command',
	properties: [
		{
			displayName: 'Command',
			name: 'command',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. GENURLAUTH',
			description:
				'Name of the command, or two words such as UID FETCH. Commands that log in or out are rejected.',
		},
		{
			displayName: 'Arguments',
			name: 'arguments',
			type: 'json',
			default: '[]',
			description:
				'A JSON array of strings, numbers, nulls (NIL) and nested arrays (sent in parentheses). Strings are quoted as required.',
		},
		{
			displayName: 'Mailbox to Open First',
			name: 'mailboxPath',
			type: 'string',
			default: '',
			placeholder: 'INBOX',
			description: 'For commands that work on messages. Leave empty to open none.',
		},
		{
			displayName: 'Read-Only',
			name: 'readOnly',
			type: 'boolean',
			default: true,
			description:
				'Whether to open the mailbox read-only so that nothing in it can change (EXAMINE)',
		},
	],
	execute,
};
