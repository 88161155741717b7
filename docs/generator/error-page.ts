/** The page about errors, from the nodes' own advice. */
import { knownServerTexts, type Advice } from './error-advice';
import { code, plain, table } from './markdown';

export function errorPage(advice: readonly Advice[]): string {
	const rows = (kind: Advice['kind']) =>
		advice
			.filter((one) => one.kind === kind)
			.sort((a, b) => (a.code < b.code ? -1 : 1))
			.map((one) => [code(one.code), plain(one.advice)]);
	return [
		'<!-- Made by `npm run docs` from nodes/shared/errors/. -->',
		'# Errors',
		"An error of a node names the operation, the mailbox, and the server's own words with its response code, such as `[OVERQUOTA]`; below it stands what to try. In a workflow, the error's details hold `responseCode`, `serverText`, `command` and `imapCode`, which is one of the causes below.",
		'With _On Error: Continue_ in the settings of a node, an item that fails becomes `{ "error": …, "details": … }`, and the others are treated nonetheless. What was done before an error stays done: the error says how many items that were.',
		'## By response code of the server',
		'Codes of [RFC 5530](https://www.rfc-editor.org/rfc/rfc5530) and [RFC 9051](https://www.rfc-editor.org/rfc/rfc9051#section-7.1).',
		table(['Response code', 'What to try'], rows('response code')),
		"## By the server's text",
		'Many providers say what is wrong in the text only. The error is recognized by it, so that n8n waits where waiting helps, and says what to do.',
		// As a list, since what servers say is too long for the cell of a table.
		knownServerTexts
			.flatMap(({ name, advice, examples }) => [
				`- **${plain(name)}**: ${plain(advice)}`,
				...examples.map(([server, text]) => `  - ${plain(server)}: _${plain(text)}_`),
			])
			.join('\n'),
		'## By cause',
		'Where the server gave no response code, or the connection failed. A certificate that is not accepted has advice of its own for each reason.',
		table(['Cause', 'What to try'], rows('cause')),
	].join('\n\n');
}
