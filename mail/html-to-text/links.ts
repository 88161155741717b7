/** Where links lead, in a text: kept behind them, as footnotes, or left out. */
import { escapeMarkdown } from './markdown';
import type { TextWriter } from './text-writer';

export type LinkStyle = 'keep' | 'footnotes' | 'remove';

/** Characters of an address; a longer one helps no reader. */
const LONGEST = 4096;
/** Links in one another that are written: each looks at all of its text at its end. More are hostile. */
const MOST_NESTED = 4;
/** Addresses that are listed. */
const MOST_FOOTNOTES = 10_000;

export class LinkWriter {
	private readonly numbers = new Map<string, number>();
	/** Links that are open. */
	private open = 0;
	/** What relative addresses are relative to. */
	private base: string | undefined;

	constructor(
		private readonly writer: TextWriter,
		private readonly style: LinkStyle,
		private readonly isMarkdown: boolean,
	) {}

	/** The first `<base>` counts. */
	setBase(href: string): void {
		if (/^\s*https?:/i.test(href) && URL.canParse(href)) this.base ??= href;
	}

	/** @returns what to do at the link's end */
	start(href: string | undefined): (() => void) | undefined {
		const address = this.style === 'remove' ? undefined : leadsTo(href, this.base);
		if (address === undefined || this.open >= MOST_NESTED) return undefined;
		this.open++;
		const from = this.writer.mark();
		return () => {
			this.open--;
			this.end(address, from);
		};
	}

	/** The list of addresses, with what separates it from the text. */
	footnotes(): string {
		if (this.numbers.size === 0) return '';
		const lines = [...this.numbers].map(([address, number]) =>
			this.isMarkdown ? `[${number}]: ${target(address)}` : `[${number}] ${address}`,
		);
		return `\n\n${lines.join('\n')}`;
	}

	private end(address: string, from: number): void {
		const { writer } = this;
		const { before, text } = writer.since(from);
		// A link around an image shows nothing that could be followed.
		if (text === '' && this.style === 'footnotes') return;
		if (isSame(text, address, this.isMarkdown)) return;
		const shown = address.replace(/^mailto:/i, '');
		if (this.style === 'footnotes') {
			const number = this.number(shown);
			if (number === undefined) return;
			if (this.isMarkdown && !text.includes('\n')) {
				writer.replaceSince(from, `${before}[${text}][${number}]`);
			} else writer.append(` [${number}]`);
		} else if (!this.isMarkdown) {
			// An address alone is a line or word like any other.
			if (text === '') writer.inline(`[${shown}]`);
			else writer.append(` [${shown}]`);
		} else if (text !== '' && !text.includes('\n')) {
			writer.replaceSince(from, `${before}[${text}](${target(address)})`);
		} else if (text === '') writer.inline(autolink(address));
		else writer.append(` ${autolink(address)}`);
	}

	private number(address: string): number | undefined {
		const known = this.numbers.get(address);
		if (known !== undefined || this.numbers.size >= MOST_FOOTNOTES) return known;
		this.numbers.set(address, this.numbers.size + 1);
		return this.numbers.size;
	}
}

/** @returns undefined for what leads nowhere, or is no address but a program */
function leadsTo(href: string | undefined, base: string | undefined): string | undefined {
	// As browsers read it (WHATWG URL, 4.4).
	const written = href
		?.replace(/^[\0-\x20]+/, '')
		.trim()
		.replace(/[\t\r\n]/g, '');
	const address = absolute(written, base);
	if (!address || address.length > LONGEST || address.startsWith('#')) return undefined;
	if (/^(?:javascript|vbscript|data|cid|about):/i.test(address)) return undefined;
	// What can't be seen would show another address than the one that it leads to.
	return address.replace(/[\p{Cc}\p{Cf}]/gu, encodeURIComponent);
}

function absolute(address: string | undefined, base: string | undefined): string | undefined {
	if (!address || base === undefined || /^(?:#|[a-z][a-z0-9+.-]*:)/i.test(address)) return address;
	return URL.canParse(address, base) ? new URL(address, base).href : address;
}

/**
 * As the destination of a link: nothing in it ends it, opens a tag or a code, or is a character reference, which
 * programs resolve in addresses too (CommonMark 2.5): `javascript&colon;`.
 */
const target = (address: string): string =>
	address
		.replace(/[ <>()\\"'`]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
		.replace(/&(?=#|[A-Za-z0-9]{1,40};)/g, '&amp;');

/** An address alone. Any other in angle brackets could be a tag: `<script>`. */
const autolink = (address: string): string =>
	/^https?:/i.test(address)
		? `<${target(address)}>`
		: `[${escapeMarkdown(address.replace(/^mailto:/i, ''), false)}](${target(address)})`;

/** Whether the text of the link is where it leads: then it is written once. */
function isSame(text: string, address: string, isMarkdown: boolean): boolean {
	if (text.length > LONGEST * 2) return false;
	return plain(isMarkdown ? text.replace(/\\(?=[^\w\s])/g, '') : text) === plain(address);
}

const plain = (address: string): string =>
	address
		.trim()
		.replace(/^(?:mailto:|tel:|https?:\/\/)/i, '')
		.replace(/^www\./i, '')
		.replace(/\/$/, '')
		.replace(/^([+\d][\d\s()/.-]+)$/, (number) => number.replace(/[^\d+]/g, ''))
		.toLowerCase();
