import { type MailboxSnapshot, type Snapshot } from './snapshot';

/** Columns as wide as their widest cell; the first to the left, the others to the right. */
export function formatColumns(rows: readonly (readonly string[])[]): string[] {
	const widths = (rows[0] ?? []).map((_, column) =>
		Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
	);
	return rows.map((row) =>
		row
			.map((cell, column) => {
				const blanks = ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
				return column === 0 ? cell + blanks : blanks + cell;
			})
			.join('  ')
			.trimEnd(),
	);
}

/** East Asian characters take two columns of a terminal. */
function displayWidth(text: string): number {
	let width = 0;
	for (const character of text)
		width +=
			/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
				character,
			)
				? 2
				: 1;
	return width;
}

/** Octets for people: `1.4 MB`. */
export function formatSize(octets: number): string {
	if (octets < 1000) return `${octets} B`;
	if (octets < 1_000_000) return `${(octets / 1000).toFixed(0)} kB`;
	return `${(octets / 1_000_000).toFixed(1)} MB`;
}

const HEADINGS = ['Mailbox', 'Messages', 'Unseen', 'Size', 'Oldest', 'Newest'];

function cells({ messages }: MailboxSnapshot): string[] {
	const days = messages.map(({ internalDate }) => internalDate.toISOString().slice(0, 10)).sort();
	return [
		String(messages.length),
		String(messages.filter(({ flags }) => !flags.includes('\\Seen')).length),
		formatSize(messages.reduce((sum, { size }) => sum + size, 0)),
		days[0] ?? '',
		days.at(-1) ?? '',
	];
}

const total = (mailboxes: Snapshot): MailboxSnapshot => ({
	name: 'Total',
	uidValidity: 0,
	messages: mailboxes.flatMap(({ messages }) => messages),
});

/** A row for every mailbox and one for all. With `after`, a figure that changed is shown as `old → new`. */
export function formatTable(before: Snapshot, after: Snapshot = before): string[] {
	const names = [...new Set([...before, ...after].map(({ name }) => name))].sort(
		(one, other) => order(one) - order(other) || one.localeCompare(other, 'en'),
	);
	const row = (name: string, old?: MailboxSnapshot, now?: MailboxSnapshot) => {
		const then = old && cells(old);
		const current = now && cells(now);
		return [
			name,
			...HEADINGS.slice(1).map((_, column) => {
				const left = then?.[column] || '–';
				const right = current?.[column] || '–';
				return left === right ? left : `${left} → ${right}`;
			}),
		];
	};
	const rows = names.map((name) =>
		row(
			name,
			before.find((one) => one.name === name),
			after.find((one) => one.name === name),
		),
	);
	return withRules(formatColumns([HEADINGS, ...rows, row('Total', total(before), total(after))]));
}

/** Sets the first line, of headings, and the last, of totals, apart from the others. */
export function withRules(lines: readonly string[]): string[] {
	const rule = '─'.repeat(Math.max(...lines.map((line) => displayWidth(line))));
	return [lines[0] ?? '', rule, ...lines.slice(1, -1), rule, lines.at(-1) ?? ''];
}

const order = (name: string) => (name === 'INBOX' ? 0 : 1);

/** Prints {@link formatTable} on standard output. */
export function printTable(before: Snapshot, after?: Snapshot): void {
	console.log(formatTable(before, after).join('\n'));
}
