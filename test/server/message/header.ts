/** Header fields and body of a message or part, by their place in its octets. */
export interface Split {
	/** The header with its empty line, as far as there is one. */
	header: Buffer;
	body: Buffer;
	fields: Field[];
}

export interface Field {
	/** In lower case. */
	name: string;
	/** Unfolded, without the blank behind the colon. */
	value: string;
	/** All its lines, as they are. */
	raw: Buffer;
}

export function split(octets: Buffer): Split {
	const fields: Field[] = [];
	let at = 0;
	while (at < octets.length) {
		const end = lineEnd(octets, at);
		if (isBlank(octets, at, end)) {
			at = end;
			break;
		}
		let stop = end;
		while (stop < octets.length && (octets[stop] === 0x20 || octets[stop] === 9))
			stop = lineEnd(octets, stop);
		const raw = octets.subarray(at, stop);
		const text = raw.toString('latin1');
		const colon = text.indexOf(':');
		if (colon > 0) {
			const value = text
				.slice(colon + 1)
				.replace(/\r?\n(?=[ \t])/g, '')
				.trim();
			fields.push({ name: text.slice(0, colon).trim().toLowerCase(), value, raw });
		}
		at = stop;
	}
	return { header: octets.subarray(0, at), body: octets.subarray(at), fields };
}

function lineEnd(octets: Buffer, at: number): number {
	const lf = octets.indexOf(10, at);
	return lf < 0 ? octets.length : lf + 1;
}

function isBlank(octets: Buffer, at: number, end: number): boolean {
	return end - at <= 2 && (octets[at] === 10 || (octets[at] === 13 && octets[at + 1] === 10));
}

export function field(fields: readonly Field[], name: string): string | undefined {
	return fields.find((one) => one.name === name)?.value;
}

/** `text/plain; charset="utf-8"` → value and parameters, names in lower case. */
export function parameterized(text: string): { value: string; parameters: [string, string][] } {
	const parameters: [string, string][] = [];
	const [value = ''] = text.split(';', 1);
	const pattern = /;\s*([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;
	for (const match of text.matchAll(pattern)) {
		const quoted = match[2]?.replace(/\\(.)/g, '$1');
		parameters.push([(match[1] as string).toLowerCase(), quoted ?? match[3] ?? '']);
	}
	return { value: value.trim(), parameters };
}
