import type { Argument } from '../../../engine/index';
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
		'The field "Arguments" takes a JSON list',
		'Write a list, such as ["INBOX", 5, null, ["a", "b"]].',
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
			'Sending commands is turned off for tools of an AI agent',
			'Give the agent one of the other IMAP4 nodes, whose operations are checked.',
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
					if (mailbox !== '') await imap.select(mailbox, { readOnly: open });
					const { text, code, lines } = await imap.xatom(name, ...args);
					execution.emit(item, {
						command: name.toUpperCase(),
						text,
						responseCode: code?.name ?? null,
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
		'Send any extension command, and get what the server answers as it is; refused in tools of AI agents',
	action: 'Send an IMAP command',
	properties: [
		{
			displayName: 'Command',
			name: 'command',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'GENURLAUTH',
			description:
				'Its name, or two words such as UID FETCH. Commands that log in or out are refused.',
		},
		{
			displayName: 'Arguments',
			name: 'arguments',
			type: 'json',
			default: '[]',
			description:
				'A JSON list of texts, numbers, nulls (NIL) and lists (in parentheses). Texts are quoted as they must be.',
		},
		{
			displayName: 'Mailbox to Open First',
			name: 'mailboxPath',
			type: 'string',
			default: '',
			placeholder: 'INBOX',
			description: 'For commands that work on messages; none if empty',
		},
		{
			displayName: 'Read-Only',
			name: 'readOnly',
			type: 'boolean',
			default: true,
			description: 'Whether that mailbox is opened so that nothing in it can change (EXAMINE)',
		},
	],
	execute,
};
