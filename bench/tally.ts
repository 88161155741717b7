import { createHash } from 'node:crypto';
import type { Tally } from './workload';

/** Counts what came, and hashes it in a run that is for checking. */
export class Count implements Tally {
	count = 0;
	octetCount = 0;
	private readonly hash = createHash('sha256');

	constructor(readonly checking: boolean) {}

	message(uid: number, size: number, messageId: string): void {
		this.count++;
		this.octetCount += size;
		if (this.checking) this.hash.update(`${uid} ${size} ${messageId}\n`);
	}

	body(octets: Uint8Array): void {
		this.count++;
		this.octets(octets);
	}

	octets(octets: Uint8Array): void {
		this.octetCount += octets.length;
		if (this.checking) this.hash.update(octets);
	}

	found(uids: readonly number[]): void {
		this.count += uids.length;
		if (this.checking) this.hash.update(`${uids.join(',')}\n`);
	}

	digest(): string {
		return this.hash.digest('hex').slice(0, 16);
	}
}
