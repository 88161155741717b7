/** One run of a node: its items, what becomes of each, and who hears of failures. */
import {
	NodeOperationError,
	type IBinaryKeyData,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { nodeAccount, type Account } from './account';
import { nodeError } from './node-errors';

export class Execution {
	readonly items: INodeExecutionData[];
	/** Outputs by the index of the first item they belong to. */
	private readonly outputs: INodeExecutionData[][];
	private readonly failed = new Set<number>();
	private account_: Promise<Account> | undefined;

	/** @param operation for error messages, e.g. "Add flags" */
	constructor(
		readonly context: IExecuteFunctions,
		readonly operation: string,
	) {
		this.items = context.getInputData();
		this.outputs = this.items.map(() => []);
	}

	get allItems(): number[] {
		return this.items.map((_item, index) => index);
	}

	/** The credential is the same for all items, so it is decrypted once, not once per item. */
	account(): Promise<Account> {
		this.account_ ??= nodeAccount(this.context);
		return this.account_;
	}

	parameter<Value>(name: string, itemIndex: number, fallback?: Value): Value {
		return this.context.getNodeParameter(name, itemIndex, fallback) as Value;
	}

	/** @param items the item, or all items, that this came of */
	emit(items: number | readonly number[], json: IDataObject, binary?: IBinaryKeyData): void {
		const [first] = [items].flat();
		const pairedItem =
			typeof items === 'number' ? { item: items } : items.map((item) => ({ item }));
		this.outputs[first as number]?.push({ json, ...(binary ? { binary } : {}), pairedItem });
	}

	/** Whether the item failed, or has given something. */
	isSettled(itemIndex: number): boolean {
		return this.failed.has(itemIndex) || (this.outputs[itemIndex]?.length ?? 0) > 0;
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
			this.fail(
				items.filter((item) => !this.isSettled(item)),
				mailbox,
				error,
			);
			return undefined;
		}
	}

	/** @throws NodeApiError, NodeOperationError, unless the node continues on fail */
	fail(items: readonly number[], mailbox: string | undefined, error: unknown): void {
		this.checkCancelled();
		const { operation } = this;
		const failed = nodeError(this.context.getNode(), error, {
			operation,
			mailbox,
			itemIndex: items[0] ?? 0,
		});
		if (!this.context.continueOnFail()) throw failed;
		for (const item of items) {
			this.failed.add(item);
			// Only "error", "message" and "details": n8n tells by these which items go to the error output.
			this.outputs[item] = [
				{
					json: {
						error: failed.message,
						...(failed.description ? { details: failed.description } : {}),
					},
					pairedItem: { item },
				},
			];
		}
	}

	private get isCancelled(): boolean {
		// Older versions of n8n have no such signal.
		return this.context.getExecutionCancelSignal?.()?.aborted ?? false;
	}

	/** To be called between commands. @throws NodeOperationError if the user has stopped the execution */
	checkCancelled(): void {
		if (!this.isCancelled) return;
		// n8n knows by the word "canceled" that this is no failure.
		throw new NodeOperationError(this.context.getNode(), 'The execution was canceled');
	}

	/** All outputs, in the order of the items they came of. */
	output(): INodeExecutionData[] {
		return this.outputs.flat();
	}
}
