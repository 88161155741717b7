import type { Argument } from '../../../engine/index';
import { responseCodeName } from '../../../engine/index';
import { openMailbox } from '../../shared/mailbox/open-mailbox';
import { runsAsTool } from '../../shared/execution/ai-tool';
import type { Execution } from '../../shared/execution/execution';
import { onAccount } from '../../shared/execution/on-account';
import { strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';

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

interface RawCommand {
	name: string;
	args: Argument[];
	/** Empty for none. */
	mailbox: string;
	readOnly: boolean;
}

/** @throws UserError */
function readCommand(execution: Execution, item: number): RawCommand {
	const text = (field: string, label: string, required = false): string =>
		strictText(execution.parameter<unknown>(field, item, ''), label, { required });
	return {
		name: text('command', 'Command', true).trim(),
		args: readArguments(execution, item),
		mailbox: text('mailboxPath', 'Mailbox to Open First'),
		readOnly: execution.toggle('readOnly', 'Read-Only', item, true),
	};
}

const send = onAccount({
	atOnce: 1,
	ownConnection: true,
	read: readCommand,
	async run({ imap, settings: { name, args, mailbox, readOnly } }) {
		if (mailbox !== '') await openMailbox(imap, mailbox, { readOnly });
		const { text, code, lines } = await imap.command(name, args);
		return {
			command: name.toUpperCase(),
			text,
			responseCode: code ? responseCodeName(code) : null,
			responses: lines.map((line) => line.toString()),
		};
	},
});

async function execute(execution: Execution): Promise<void> {
	// A language model must not be able to send just anything to a mail server.
	if (runsAsTool(execution.context)) {
		throw new UserError(
			'AI agents cannot send IMAP commands',
			'Give the agent another IMAP4 node instead.',
		);
	}
	await send(execution);
}

export const sendCommand: Operation = {
	name: 'Send Command',
	value: 'sendCommand',
	description:
		"Send an extension command and return the server's raw response; not available to AI agents",
	forModel: 'Not available to you: it always fails.',
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
			placeholder: 'e.g. INBOX',
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
