/** A structured field's value and parameters: `text/plain; charset="utf-8"` (RFC 2045 §5.1), still undecoded. */
import { endOfQuotes } from './quotes';
import { trimWhitespace } from './whitespace';

export interface ValueWithParameters {
	/** Lower case, without comments. */
	value: string;
	/** Names in lower case; values as bytes (latin1), without quotes. The first of a name counts. */
	parameters: Record<string, string>;
}

const LONGEST = 64 * 1024;
const PARAMETER = /^[ \t\r\n\v\f]*[a-z][a-z0-9*-]{0,40}[ \t\r\n\v\f]*=/i;

/**
 * Reads what senders mean: unquoted values up to the next parameter, doubled semicolons, missing quotes.
 * @param text latin1, unfolded
 */
export function parseParameters(text: string): ValueWithParameters {
	const all = text.slice(0, LONGEST);
	const parts = atSemicolons(withSemicolon(all));
	// Some leave out the value: `filename=a.pdf`.
	const first = PARAMETER.test(parts[0] ?? '') ? '' : (parts.shift() ?? '');
	const value = trimWhitespace(withoutComments(first)).replace(/^"|"$/g, '').toLowerCase();
	const parameters: Record<string, string> = {};
	for (const part of parts) {
		const [, name, written = ''] =
			/^[ \t\r\n\v\f]*([^ \t\r\n\v\f=()<>@,;:\\"/[\]?]{1,100})[ \t\r\n\v\f]*=(.*)$/s.exec(part) ??
			[];
		const key = name?.toLowerCase();
		if (key === undefined || key === '__proto__' || Object.hasOwn(parameters, key)) continue;
		parameters[key] = parameterValue(trimWhitespace(written));
	}
	return { value, parameters };
}

/** Some leave out the semicolon behind the value, or write a comma: `text/html charset=utf-8`. */
const withSemicolon = (text: string): string =>
	text.replace(
		/^([ \t\r\n\v\f]*[^ \t\r\n\v\f;,="()]{1,200})(?:[ \t\r\n\v\f]*,[ \t\r\n\v\f]*|[ \t\r\n\v\f]+)(?=[a-z][a-z0-9*-]{1,40}=)/i,
		'$1; ',
	);

/** Semicolons inside of quotes are part of the value, unless the quotes are never closed. */
function atSemicolons(text: string): string[] {
	const parts: string[] = [];
	let start = 0;
	let unclosed = false;
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '"' && !unclosed) {
			const end = endOfQuotes(text, at);
			// Looked for once only: else a value of quotes would take quadratic time.
			if (end > 0) at = end;
			else unclosed = true;
		} else if (character === ';') {
			parts.push(text.slice(start, at));
			start = at + 1;
			if (parts.length > 1000) break;
		}
	}
	parts.push(text.slice(start));
	return parts;
}

function parameterValue(written: string): string {
	if (!written.startsWith('"')) return unquotedValue(written);
	const end = endOfQuotes(written, 0);
	const quoted = written.slice(1, end < 0 ? undefined : end);
	// Windows' paths come unescaped; what is escaped for certain is a quote or a backslash.
	return quoted.replace(/\\(["\\])/g, '$1');
}

/** Brackets in the middle, as in `Invoice (1).pdf`, are part of a name whose quotes were forgotten. */
const unquotedValue = (written: string): string =>
	trimWhitespace(written.replace(/^\([^()]*\)|[ \t\r\n\v\f]\([^()]*\)$/g, ''));

const withoutComments = (text: string): string =>
	text.replace(/(^|[ \t\r\n\v\f])\([^()]*\)/g, '$1');
