/** What the bench uses of the package `imap`, which has no types of its own. */
declare module 'imap' {
	import type { EventEmitter } from 'node:events';

	type Done = (error?: Error | null) => void;

	class Imap extends EventEmitter {
		constructor(options: object);
		connect(): void;
		end(): void;
		openBox(name: string, readOnly: boolean, done: Done): void;
		fetch(set: string, options: object): EventEmitter;
		search(criteria: unknown[], done: (error: Error | null, uids: number[]) => void): void;
		addFlags(set: string, flags: string[], done: Done): void;
		delFlags(set: string, flags: string[], done: Done): void;
		append(message: Buffer, options: object, done: Done): void;
	}

	export = Imap;
}
