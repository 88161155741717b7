/** One run of a node: its items, what becomes of each, and who hears of failures. */
import {
	NodeError,
	NodeOperationError,
	type IBinaryKeyData,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { InterruptedFetchError, type Imap4 } from '../../../engine/index';
import type { Account } from '../account/account';
import { actsAsOthers, type Authentication } from '../account/authentication';
import type { Cancellable } from '../account/cancellable';
import { withConnection } from '../account/connection-pool';
import { nodeAccount } from '../account/node-account';
import { orAborted } from '../account/or-aborted';
import { nodeError } from '../errors/node-errors';
import { shownText } from '../errors/shown-text';
import { strictBoolean, strictText } from '../fields/strict-values';
import type { WithItems, WithToggles } from '../fields/with-parameters';
import { MailboxResolver } from '../mailbox/mailbox-resolver';
import { FixedFields } from '../fields/written-fields';
import { runsAsTool } from './ai-tool';
import { finishedItems, type FinishedItems, type ItemOutput } from './finished-items';
import { connectionError } from '../account/interrupted-fetch';
import { checkNotStopped, stopSignal } from './stop';

/** Milliseconds. */
const TELL_EVERY = 1000;

export class Execution implements Cancellable, WithItems, WithToggles {
	readonly items: INodeExecutionData[];
	readonly isTool: boolean;
	/** By the index of the first item they belong to. */
	private readonly outputs: Array<ItemOutput | undefined>;
	private readonly failed = new Set<number>();
	/** Undefined where the node is run once only. */
	private readonly finished: FinishedItems | undefined;
	private lastTold = Date.now();
	/** As {@link accountOf}. */
	private readonly urls: Array<string | undefined> = [];
	private readonly hints = new Set<string>();
	/** What paths are called on the server, by how they were written. */
	private readonly fitted = new Map<string, string>();
	private readonly fields: FixedFields;
	/** By the user to act as; most credentials act as no one else. */
	private readonly accounts = new Map<string, Promise<Account>>();

	/**
	 * @param operation for error messages, e.g. "Add flags"
	 * @param repeatable as of the operation
	 */
	constructor(
		readonly context: IExecuteFunctions,
		readonly operation: string,
		private readonly repeatable = false,
	) {
		this.items = context.getInputData();
		this.isTool = runsAsTool(context);
		this.finished = finishedItems(context);
		this.outputs = this.items.map((_item, index) => this.finished?.get(index));
		this.fields = new FixedFields(context);
	}

	get allItems(): number[] {
		return this.items.map((_item, index) => index);
	}

	/**
	 * The account that an item runs on. Decrypted once for all items that act as the same user.
	 * @throws UserError, and what n8n throws where there are no credentials
	 */
	async account(itemIndex: number): Promise<Account> {
		const authentication = this.parameter<Authentication>('authentication', 0, 'ssl');
		const given = actsAsOthers(authentication)
			? this.parameter<unknown>('actAsUser', itemIndex, '')
			: '';
		// Left empty it is the default user of the credential; an expression that returned nothing is not.
		const actAs = strictText(given, 'Act As User');
		const known = this.accounts.get(actAs) ?? nodeAccount(this.context, authentication, actAs);
		this.accounts.set(actAs, known);
		const account = await known;
		this.urls[itemIndex] = account.url;
		return account;
	}

	/** The `url` of the account that an item runs on; undefined until that is known. */
	accountOf(itemIndex: number): string | undefined {
		return this.urls[itemIndex];
	}

	/** Resolves mailboxes for the items; errors then say what a path is called on the server. */
	resolver(imap: Imap4, { identity }: Account): MailboxResolver {
		return new MailboxResolver(imap, identity, (path, name) => this.fitted.set(path, name));
	}

	/**
	 * Lends a connection as {@link withConnection} does. Stop ends it at once, whatever it waits for:
	 * the login, a command, or the rest of a message.
	 *
	 * Where it breaks while messages are read that are accounted for (FetchLedger), both functions run
	 * again on another one, and `work` continues where it was.
	 */
	async connection<Opened, Result>(
		account: Account,
		open: (imap: Imap4, kept: boolean) => Promise<Opened>,
		work: (imap: Imap4, opened: Opened) => Promise<Result>,
	): Promise<Result> {
		for (;;) {
			const signal = stopSignal(this.context);
			const whole = withConnection(account, open, work, signal ? { signal } : {});
			try {
				return await orAborted(whole, signal);
			} catch (error) {
				if (!(error instanceof InterruptedFetchError)) throw error;
				if (!error.resumable) throw error.cause;
			}
		}
	}

	/**
	 * As {@link connection}, but Stop only ends the waiting: a command under way is carried out, and `work`
	 * ends when it next calls {@link checkCancelled}. For what a server would finish anyway, unseen.
	 * @param ended gets what ends when `work` has
	 */
	async connectionToTheEnd<Opened, Result>(
		account: Account,
		open: (imap: Imap4, kept: boolean) => Promise<Opened>,
		work: (imap: Imap4, opened: Opened) => Promise<Result>,
		ended: (whole: Promise<unknown>) => void,
	): Promise<Result> {
		this.checkCancelled();
		const whole = withConnection(account, open, work, {});
		ended(whole.catch(() => undefined));
		return orAborted(whole, stopSignal(this.context));
	}

	/** Waits, but not beyond Stop. */
	async waitFor(event: Promise<unknown>): Promise<void> {
		await orAborted(event, stopSignal(this.context));
	}

	parameter<Value>(name: string, itemIndex: number, fallback?: Value): Value {
		const read = (): unknown => this.context.getNodeParameter(name, itemIndex, fallback);
		return this.fields.value(name, read) as Value;
	}

	/** A switch that guards a change or widens a result. @throws UserError unless it is exactly true or false */
	toggle(name: string, label: string, itemIndex: number, fallback = false): boolean {
		return strictBoolean(this.parameter<unknown>(name, itemIndex, fallback), label);
	}

	/**
	 * @param items the item, or all items, that this came of
	 * @param account the `url` of the account of a message in `json`, if not that of the items
	 */
	emit(
		items: number | readonly number[],
		json: IDataObject,
		binary?: IBinaryKeyData,
		account = this.accountOf(firstOf(items) as number),
	): void {
		const first = firstOf(items);
		if (first === undefined || first >= this.outputs.length) return;
		const pairedItem =
			typeof items === 'number' ? { item: items } : items.map((item) => ({ item }));
		// What names a message names its account, so that no node takes it for another account's.
		const isWhole = !('uid' in json) || account === undefined || json.account === account;
		const whole = isWhole ? json : { ...json, account };
		const output = { json: whole, ...(binary ? { binary } : {}), pairedItem };
		const known = this.outputs[first];
		if (Array.isArray(known)) known.push(output);
		else this.outputs[first] = known ? [known, output] : output;
	}

	/**
	 * Puts out a message that is there and cannot be read: on the error output where the node has one.
	 * @param json what is known of it, with `unreadable`
	 */
	emitUnreadable(item: number, json: IDataObject, reason: string): void {
		this.emit(item, json);
		this.hint(
			'Some messages could not be read in whole: their items say why in the field "unreadable"',
		);
		const node = this.context.getNode();
		const last = [this.outputs[item] ?? []].flat().at(-1);
		if (node.onError !== 'continueErrorOutput' || !last) return;
		// n8n goes by it to the error output, and copies the item; it must not take the place of the reference.
		const error = new NodeOperationError(node, reason, { itemIndex: item });
		Object.defineProperty(last, 'error', { value: error, enumerable: false });
	}

	/** Whether the item failed, or has given something. */
	isSettled(itemIndex: number): boolean {
		return this.failed.has(itemIndex) || this.outputs[itemIndex] !== undefined;
	}

	/**
	 * Says that nothing is left to do for those of the items that have given something, so that another try of the
	 * node leaves them out. What only a dry run has given is reported again.
	 */
	finish(items: readonly number[], which: (item: number) => boolean = () => true): void {
		const { finished } = this;
		if (!finished) return;
		for (const item of items) {
			const given = this.outputs[item];
			if (given === undefined || this.failed.has(item) || !which(item)) continue;
			if (![given].flat().some(({ json }) => json.dryRun === true)) finished.set(item, given);
		}
	}

	/**
	 * Runs `work` for these items. If it fails, the node fails, or, with Continue On Fail, those of
	 * the items do that have given nothing yet.
	 * @returns undefined if it failed
	 */
	async guarded<Result>(
		items: readonly number[],
		mailbox: string | undefined,
		work: () => Promise<Result> | Result,
	): Promise<Result | undefined> {
		try {
			return await work();
		} catch (error) {
			this.failUnsettled(items, mailbox, error);
			return undefined;
		}
	}

	/** What {@link guarded} does where `work` fails, for work of so many items that a promise for each would count. */
	failUnsettled(items: readonly number[], mailbox: string | undefined, error: unknown): void {
		// It continues over another connection.
		if (error instanceof InterruptedFetchError && error.resumable) throw error;
		this.fail(
			items.filter((item) => !this.isSettled(item)),
			mailbox,
			error,
		);
	}

	/** @throws NodeApiError, NodeOperationError, unless the node continues on fail */
	fail(items: readonly number[], mailbox: string | undefined, error: unknown): void {
		this.checkCancelled();
		const { operation, repeatable } = this;
		const failed = nodeError(this.context.getNode(), connectionError(error), {
			operation,
			repeatable,
			mailbox,
			nameOnServer: mailbox === undefined ? undefined : this.fitted.get(mailbox),
			itemIndex: items[0] ?? 0,
			forAgent: this.isTool,
		});
		if (!this.context.continueOnFail()) throw failed;
		for (const item of items) {
			this.failed.add(item);
			// Only "error", "message" and "details": n8n tells by these which items go to the error output.
			this.outputs[item] = {
				json: {
					error: failed.message,
					...(failed.description ? { details: failed.description } : {}),
				},
				pairedItem: { item },
			};
		}
	}

	/**
	 * Says in the error that ends the node how many items were done, since their outputs are lost with
	 * it and a new run would do them again.
	 */
	tellDone(error: unknown): void {
		const done = this.allItems.filter((item) => this.isSettled(item) && !this.failed.has(item));
		if (done.length === 0 || !(error instanceof NodeError)) return;
		const summary = `${done.length} of ${this.items.length} items succeeded before the error; running again would repeat them. Set "On Error" to "Continue" to keep them separate.`;
		error.description = error.description ? `${error.description} ${summary}` : summary;
	}

	/**
	 * Tells anyone who watches in the editor how far the work is, at most once a second, if it is long
	 * enough to be worth it.
	 */
	progress(done: number, total: number, unit = 'items'): void {
		const now = Date.now();
		if (now - this.lastTold < TELL_EVERY) return;
		this.lastTold = now;
		this.context.sendMessageToUI(`${this.operation}: ${done} of ${total} ${unit}`);
	}

	/** To be called between commands. @throws NodeOperationError if the user has stopped the execution */
	checkCancelled(): void {
		checkNotStopped(this.context);
	}

	/** Shows a hint above the output, once. */
	hint(message: string): void {
		if (this.hints.has(message)) return;
		this.hints.add(message);
		// Older versions of n8n show no hints.
		this.context.addExecutionHints?.({ message, location: 'outputPane' });
	}

	/** Says that an item which is to change messages found none; n8n shows no output then. */
	nothingFound(item: number, mailbox: string): void {
		this.hint(`No message of "${shownText(mailbox)}" was selected: nothing was changed`);
		// The model of an agent sees no hints.
		if (runsAsTool(this.context)) this.emit(item, { mailbox, count: 0, nothingChanged: true });
	}

	/** All outputs, in the order of the items they came of. */
	output(): INodeExecutionData[] {
		const all = this.outputs.flatMap((some) => some ?? []);
		if (all.some(({ json }) => json.dryRun === true)) {
			this.hint('This was a dry run: nothing was changed');
		}
		return all;
	}
}

const firstOf = (items: number | readonly number[]): number | undefined =>
	typeof items === 'number' ? items : items[0];
