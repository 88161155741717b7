import { withoutTrailing } from '../trailing';

/** Nothing but spaces and characters that can't be seen. */
const FILLER = /^[ \t\u00a0\u034f\u200b-\u200f\u2060\u2800\ufeff\u00ad]+$/;

/** Empty lines in a row that are kept. */
const MOST_EMPTY = 2;

/**
 * Lines without spaces at their ends. Filler that pushes a newsletter's preview out of sight leaves lines of
 * nothing: of those, and of other empty lines, two in a row are kept, and none at the beginning. The text
 * may come in pieces of any length.
 */
export class CleanLines {
	/** The beginning of a line whose end has not come. */
	private open: string[] = [];
	private empty = 0;
	private isFirst = true;
	private readonly done: string[] = [];

	add(text: string): void {
		const end = text.lastIndexOf('\n');
		if (end < 0) {
			this.open.push(text);
			return;
		}
		this.open.push(text.slice(0, end));
		const whole = this.open.join('').split('\n');
		this.open = [text.slice(end + 1)];
		this.take(whole);
	}

	result(): string {
		this.take([this.open.join('')]);
		return this.done.join('\n').trim();
	}

	private take(lines: readonly string[]): void {
		const kept: string[] = [];
		for (const line of lines) {
			const clean = FILLER.test(line) ? '' : withoutTrailing(line, ' \t');
			if (clean !== '') this.empty = 0;
			else if (this.isFirst || ++this.empty > MOST_EMPTY) continue;
			this.isFirst = false;
			kept.push(clean);
		}
		if (kept.length > 0) this.done.push(kept.join('\n'));
	}
}
