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
		"An error of a node names the operation, the mailbox, and the server's own words with its response code, such as `[OVERQUOTA]`. The description says what to try. In a workflow, the error's details contain `responseCode`, `serverText`, `command` and `imapCode`, which is one of the causes below.",
		'With _On Error: Continue_ in the settings of a node, an item that fails becomes `{ "error": …, "details": … }`, and the other items are processed. What was done before an error is not undone; the error says how many items succeeded.',
		'## By response code of the server',
		'Codes of [RFC 5530](https://www.rfc-editor.org/rfc/rfc5530) and [RFC 9051](https://www.rfc-editor.org/rfc/rfc9051#section-7.1).',
		table(['Response code', 'What to try'], rows('response code')),
		"## By the server's text",
		'Many providers describe an error only in their text. The nodes recognize these texts, so that n8n waits where waiting helps, and the error says what to do.',
		// As a list, since what servers say is too long for the cell of a table.
		knownServerTexts
			.flatMap(({ name, advice, examples }) => [
				`- **${plain(name)}**: ${plain(advice)}`,
				...examples.map(([server, text]) => `  - ${plain(server)}: _${plain(text)}_`),
			])
			.join('\n'),
		'## By cause',
		'For errors without a response code, and for connections that fail. If a certificate is not accepted, the advice depends on the reason.',
		table(['Cause', 'What to try'], rows('cause')),
	].join('\n\n');
}
