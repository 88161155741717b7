/** What the descriptions of the nodes don't say of an operation, and the example that is run for its page. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

export interface Entry {
	/**
	 * Capabilities of which it needs at least one. The generator runs the example on a server without
	 * them and prints the error; if there is none, the entry is wrong.
	 */
	needs?: readonly string[];
	/** Capabilities that the server of the example offers besides the usual ones. */
	offers?: readonly string[];
	/**
	 * Capabilities that it uses where they are offered, and what it does where not. The generator runs
	 * the example without each; if that fails, the entry is wrong.
	 */
	uses?: Readonly<Record<string, string>>;
	/** Paragraphs of Markdown: what to know before using it. */
	notes?: readonly string[];
	/** What to expect to go wrong: response codes and codes of the engine, whose advice stands in nodes/shared/errors/node-errors.ts. */
	errors: readonly string[];
	example: Example;
	/** Mistakes, which are made as well, for the words and the advice that a user gets. */
	mistakes?: readonly Mistake[];
}

export interface Example {
	/** A sentence: what it does. */
	says: string;
	/** Beside the choice of resource and operation. */
	parameters?: INodeParameters;
	/** What comes in; one empty item by default. */
	items?: readonly IDataObject[];
}

export interface Mistake extends Partial<Omit<Example, 'says'>> {
	/** What is wrong, such as "The mailbox does not exist". */
	when: string;
}

/** By key: node, resource and operation, such as `imap4Mailbox.mailbox.getMany`. */
export type Entries = Readonly<Record<string, Entry>>;

/** A mailbox by path, as the editor stores it. */
export const box = (path: string): INodeParameters => ({ __rl: true, mode: 'path', value: path });
