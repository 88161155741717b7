import { envelope, nstring } from './envelope';
import type { Split } from './header';
import { field, parameterized, split } from './header';

/** A message or part taken apart (RFC 2045, RFC 2046). */
export interface MimePart extends Split {
	octets: Buffer;
	type: string;
	subtype: string;
	parameters: [string, string][];
	parts: MimePart[];
	/** The message inside a message/rfc822 part. */
	message: MimePart | undefined;
}

export function parseMime(octets: Buffer, fallback = 'text/plain'): MimePart {
	const parsed = split(octets);
	const given = parameterized(field(parsed.fields, 'content-type') ?? '');
	const [type = 'text', subtype = 'plain'] = (given.value.includes('/') ? given.value : fallback)
		.toLowerCase()
		.split('/');
	const parameters =
		given.parameters.length > 0 || given.value !== ''
			? given.parameters
			: [['charset', 'us-ascii'] as [string, string]];
	const part: MimePart = {
		...parsed,
		octets,
		type,
		subtype,
		parameters,
		parts: [],
		message: undefined,
	};
	const boundary = parameters.find(([name]) => name === 'boundary')?.[1];
	if (type === 'multipart' && boundary) {
		const inner = subtype === 'digest' ? 'message/rfc822' : 'text/plain';
		part.parts = divide(part.body, boundary).map((one) => parseMime(one, inner));
	}
	if (type === 'message' && subtype === 'rfc822') part.message = parseMime(part.body);
	return part;
}

function divide(body: Buffer, boundary: string): Buffer[] {
	const parts: Buffer[] = [];
	const marker = Buffer.from(`--${boundary}`, 'latin1');
	let start = -1;
	for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at + 1)) {
		if (at > 0 && body[at - 1] !== 10) continue;
		const after = body.subarray(at + marker.length, at + marker.length + 80).toString('latin1');
		const rest = /^(--)?[ \t]*(?:\r?\n|$)/.exec(after);
		if (!rest) continue;
		if (start >= 0) {
			// The line end before a boundary belongs to the boundary (RFC 2046 §5.1.1).
			const cut = body[at - 2] === 13 ? at - 2 : at - 1;
			parts.push(body.subarray(start, Math.max(start, cut)));
		}
		if (rest[1]) return parts;
		start = at + marker.length + rest[0].length;
	}
	if (start >= 0) parts.push(body.subarray(start));
	return parts;
}

/** BODYSTRUCTURE, or BODY without the extension data (RFC 3501 §7.4.2). */
export function bodyStructure(part: MimePart, extended: boolean): string {
	const { fields, parameters } = part;
	const extensions = extended
		? ` ${disposition(part)} ${nstring(field(fields, 'content-language'))} ${nstring(field(fields, 'content-location'))}`
		: '';
	if (part.type === 'multipart' && part.parts.length > 0) {
		const inner = part.parts.map((one) => bodyStructure(one, extended)).join('');
		return `(${inner} ${nstring(part.subtype)}${extended ? ` ${parameterList(parameters)}${extensions}` : ''})`;
	}
	const encoding = field(fields, 'content-transfer-encoding') ?? '7bit';
	const items = [
		nstring(part.type),
		nstring(part.subtype),
		parameterList(parameters),
		nstring(field(fields, 'content-id')),
		nstring(field(fields, 'content-description')),
		nstring(encoding.toLowerCase()),
		String(part.body.length),
	];
	if (part.message) {
		items.push(
			envelope(part.message.fields),
			bodyStructure(part.message, extended),
			String(lines(part.body)),
		);
	} else if (part.type === 'text') items.push(String(lines(part.body)));
	if (extended) items.push(`${nstring(field(fields, 'content-md5'))}${extensions}`);
	return `(${items.join(' ')})`;
}

function disposition({ fields }: MimePart): string {
	const given = field(fields, 'content-disposition');
	if (given === undefined) return 'NIL';
	const { value, parameters } = parameterized(given);
	return `(${nstring(value)} ${parameterList(parameters)})`;
}

function parameterList(parameters: readonly [string, string][]): string {
	if (parameters.length === 0) return 'NIL';
	return `(${parameters.map(([name, value]) => `${nstring(name)} ${nstring(value)}`).join(' ')})`;
}

function lines(octets: Buffer): number {
	let count = 0;
	for (let at = octets.indexOf(10); at >= 0; at = octets.indexOf(10, at + 1)) count++;
	return count;
}

/** The part of this number. @returns undefined where there is none */
export function part(root: MimePart, path: readonly number[]): MimePart | undefined {
	let current: MimePart = root;
	let whole = true;
	for (const number of path) {
		// Of a message that is one message/rfc822, part 1 is that, and 1.1 is in it.
		const within = whole ? current : (current.message ?? current);
		// A message that isn't multipart is its own part 1, and that part has none (RFC 3501 §6.4.5).
		if (!whole && within === current && current.type !== 'multipart') return undefined;
		const next =
			within.type === 'multipart' ? within.parts[number - 1] : number === 1 ? within : undefined;
		if (!next) return undefined;
		current = next;
		whole = false;
	}
	return current;
}

/**
 * The octets of a section: `''`, `HEADER`, `TEXT`, `1.2`, `1.2.MIME`, `HEADER.FIELDS (A B)`.
 * @returns undefined where there is no such part
 */
export function section(
	root: MimePart,
	path: readonly number[],
	what: string,
	fields: readonly string[],
): Buffer | undefined {
	const found = part(root, path);
	if (!found) return undefined;
	const nested = path.length > 0;
	if (what === '') return nested ? found.body : found.octets;
	if (what === 'MIME') return found.header;
	const message = nested ? found.message : found;
	if (!message) return undefined;
	if (what === 'HEADER') return message.header;
	if (what === 'TEXT') return message.body;
	const wanted = new Set(fields.map((name) => name.toLowerCase()));
	const not = what.endsWith('.NOT');
	const chosen = message.fields
		.filter(({ name }) => wanted.has(name) !== not)
		.map(({ raw }) => raw);
	return Buffer.concat([...chosen, Buffer.from('\r\n')]);
}
