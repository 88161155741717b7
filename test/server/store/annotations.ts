import { Refusal } from './refusal';

/** How much may be noted of one thing (RFC 5464 §4.3). */
export interface AnnotationLimits {
	/** Octets of one value. */
	size: number;
	/** Number of entries. */
	entries: number;
}

/** What is noted of a mailbox or of the server: `/private/comment`, `/shared/vendor/…` (RFC 5464 §3.2). */
export class Annotations {
	/** By entry in lower case: case does not matter in their names. */
	private readonly values = new Map<string, { entry: string; value: Buffer }>();

	get(entry: string): Buffer | undefined {
		return this.values.get(entry.toLowerCase())?.value;
	}

	/** In the order in which they were first set. */
	list(): { entry: string; value: Buffer }[] {
		return [...this.values.values()];
	}

	/** @throws Refusal METADATA MAXSIZE, METADATA TOOMANY; nothing is set then */
	set(values: ReadonlyMap<string, Buffer | undefined>, limits: AnnotationLimits): void {
		const added = new Set<string>();
		for (const [entry, value] of values) {
			if (!value) continue;
			if (value.length > limits.size)
				throw new Refusal(`METADATA MAXSIZE ${limits.size}`, 'Value too long');
			if (!this.values.has(entry.toLowerCase())) added.add(entry.toLowerCase());
		}
		if (this.values.size + added.size > limits.entries)
			throw new Refusal('METADATA TOOMANY', 'Too many entries');
		for (const [entry, value] of values) {
			const key = entry.toLowerCase();
			if (!value) this.values.delete(key);
			else this.values.set(key, { entry: this.values.get(key)?.entry ?? entry, value });
		}
	}
}
