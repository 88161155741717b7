/**
 * Modified UTF-7 (RFC 3501 §5.1.3), the server's own: the engine's must be proved by another hand.
 */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,';

export function toWire(name: string): string {
	let wire = '';
	let shifted: number[] = [];
	const flush = (): void => {
		if (shifted.length === 0) return;
		let bits = '';
		for (const unit of shifted) bits += unit.toString(2).padStart(16, '0');
		while (bits.length % 6 !== 0) bits += '0';
		wire += '&';
		for (let at = 0; at < bits.length; at += 6)
			wire += ALPHABET[Number.parseInt(bits.slice(at, at + 6), 2)];
		wire += '-';
		shifted = [];
	};
	for (let at = 0; at < name.length; at++) {
		const unit = name.charCodeAt(at);
		if (unit >= 0x20 && unit <= 0x7e) {
			flush();
			wire += unit === 0x26 ? '&-' : name[at];
		} else shifted.push(unit);
	}
	flush();
	return wire;
}

/** @returns undefined for what is no modified UTF-7 */
export function fromWire(wire: string): string | undefined {
	let name = '';
	for (let at = 0; at < wire.length; at++) {
		const char = wire[at] as string;
		if (char < ' ' || char > '~') return undefined;
		if (char !== '&') {
			name += char;
			continue;
		}
		const end = wire.indexOf('-', at);
		if (end < 0) return undefined;
		const coded = wire.slice(at + 1, end);
		at = end;
		if (coded === '') {
			name += '&';
			continue;
		}
		let bits = '';
		for (const digit of coded) {
			const value = ALPHABET.indexOf(digit);
			if (value < 0) return undefined;
			bits += value.toString(2).padStart(6, '0');
		}
		if (bits.length % 16 >= 6 || /1/.test(bits.slice(bits.length - (bits.length % 16))))
			return undefined;
		for (let bit = 0; bit + 16 <= bits.length; bit += 16) {
			const unit = Number.parseInt(bits.slice(bit, bit + 16), 2);
			if (unit >= 0x20 && unit <= 0x7e) return undefined;
			name += String.fromCharCode(unit);
		}
	}
	return name.isWellFormed() ? name : undefined;
}

/** LIST's wildcards: `*` is anything, `%` anything within a level (RFC 3501 §6.3.8). */
export function matcher(pattern: string, delimiter: string): (name: string) => boolean {
	let source = '';
	for (const char of pattern) {
		if (char === '*') source += '.*';
		else if (char === '%') source += `[^${delimiter}]*`;
		else source += char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	}
	const expression = new RegExp(`^${source}$`, 'su');
	const inbox = new RegExp(`^${source}$`, 'sui');
	return (name) => (name === 'INBOX' ? inbox : expression).test(name);
}
