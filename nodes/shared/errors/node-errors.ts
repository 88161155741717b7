/** Turns whatever failed into n8n's error: which operation, which mailbox, the server's words, what to try. */
import {
	NodeApiError,
	NodeError,
	NodeOperationError,
	type INode,
	type JsonObject,
} from 'n8n-workflow';
import { Imap4Error } from '../../../engine/index';
import { adviceOn, failureOf } from './advice';
import { destinationOf, type Destination } from './destination';
import { shownText } from './shown-text';
import { UserError } from './user-error';

export interface Failed {
	/** As in the editor, e.g. "Add flags". */
	operation: string;
	/** As the user knows it. */
	mailbox?: string;
	/** What the server calls it, where that is something else. */
	nameOnServer?: string;
	itemIndex?: number;
	/** Whether the operation looks for what is done already, so that it can simply run again. */
	repeatable?: boolean;
	/** Whether an AI agent reads it, which gets nothing but the message. */
	forAgent?: boolean;
}

/** What happened, with the server's own words and response code where there are any. */
export function wordsOf(error: Imap4Error): string {
	const code = error.responseCode ? ` [${error.responseCode}]` : '';
	if (error.serverText) return `the server says: ${error.serverText}${code}`;
	return `${error.message}${code}`;
}

/** @returns the same error if it is n8n's already */
export function nodeError(
	node: INode,
	error: unknown,
	{ operation, mailbox, nameOnServer, itemIndex, repeatable, forAgent = false }: Failed,
): NodeError {
	if (error instanceof NodeError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const failure = failureOf(error);
	const onServer = nameOnServer === undefined ? '' : `, on the server "${shownText(nameOnServer)}"`;
	const into = intoWords(destinationOf(error), [mailbox, nameOnServer]);
	const where = mailbox === undefined ? '' : ` (mailbox "${shownText(mailbox)}"${onServer}${into})`;
	const said = shownText(error instanceof Imap4Error ? wordsOf(error) : (error as Error).message);
	const advice = adviceFor(error, repeatable);
	const message = `${operation} failed${where}: ${forAgent && advice ? `${asSentence(said)} ${advice}` : said}`;
	if (error instanceof Imap4Error && error.code !== 'ARGUMENT' && error.code !== 'STATE') {
		const told: JsonObject = {
			message,
			command: error.command ?? null,
			responseCode: error.responseCode ?? null,
			serverText: error.serverText === undefined ? null : shownText(error.serverText),
			imapCode: error.code,
		};
		return worded(
			new NodeApiError(node, told, { message, description: advice, itemIndex, failure }),
			message,
		);
	}
	// An unforeseen error keeps its own stack, for the developers.
	const cause =
		error instanceof Imap4Error || error instanceof UserError ? message : (error as Error);
	const options = { message, description: advice, itemIndex, failure };
	return worded(new NodeOperationError(node, cause, options), message);
}

/** @param named mailboxes that the error names anyway */
function intoWords(
	destination: Destination | undefined,
	named: ReadonlyArray<string | undefined>,
): string {
	const { mailbox, account } = destination ?? {};
	if (account === undefined) {
		const isNamed = mailbox === undefined || named.includes(mailbox);
		return isNamed ? '' : `, destination "${shownText(mailbox)}"`;
	}
	const of = mailbox === undefined ? '' : `"${shownText(mailbox)}" of `;
	return `, destination ${of}${shownText(account)}`;
}

function adviceFor(error: unknown, repeatable: boolean | undefined): string | undefined {
	if (error instanceof UserError) {
		return error.advice === undefined ? undefined : shownText(error.advice);
	}
	if (!(error instanceof Imap4Error)) return undefined;
	return error.code === 'ARGUMENT' || error.code === 'STATE'
		? undefined
		: adviceOn(error, repeatable);
}

/** With one full stop at the end. Linear, whatever a server sends. */
export function asSentence(text: string): string {
	let end = text.length;
	while (end > 0 && /[.\s]/.test(text.charAt(end - 1))) end--;
	return `${text.slice(0, end)}.`;
}

/** n8n puts words of its own in place of a message that happens to hold "ENOENT" and the like. */
function worded(error: NodeError, message: string): NodeError {
	error.message = message;
	return error;
}
