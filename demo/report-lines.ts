import { type IDataObject } from 'n8n-workflow';
import { formatColumns, formatSize, withRules } from './table';

/**
 * What the nodes of workflows/report.json put out, for a terminal.
 *
 * @param mailboxes of "Get Mailboxes"
 * @param oldMail of "Get Old Mail"
 */
export function reportLines(
	mailboxes: readonly IDataObject[],
	oldMail: readonly IDataObject[],
): string[] {
	const figure = (mailbox: IDataObject, name: string) => Number(mailbox[name] ?? 0);
	const rows = mailboxes.map((mailbox) => [
		String(mailbox.mailbox),
		// What only groups other mailboxes has no figures.
		mailbox.messages === undefined ? '' : String(mailbox.messages),
		mailbox.unseen === undefined ? '' : String(mailbox.unseen),
	]);
	const total = ['messages', 'unseen'].map((name) =>
		String(mailboxes.reduce((sum, mailbox) => sum + figure(mailbox, name), 0)),
	);
	const size = oldMail.reduce((sum, message) => sum + figure(message, 'size'), 0);
	const years = [...new Set(oldMail.map(({ date }) => String(date).slice(0, 4)))].sort();
	return [
		...withRules(formatColumns([['Mailbox', 'Messages', 'Unread'], ...rows, ['Total', ...total]])),
		'',
		oldMail.length === 0
			? 'No message of INBOX is older than a year.'
			: `${oldMail.length} messages of INBOX are older than a year (${formatSize(size)}, ${years.join(', ')}): archive-by-year.json would move them.`,
	];
}
