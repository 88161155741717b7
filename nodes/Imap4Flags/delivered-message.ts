/**
 * From an item to the message that IMAP4 Message Trigger delivered. Nodes in between may have replaced the
 * item's reference, as Copy does by that of the copy: then the item that the trigger returned is looked up
 * by n8n's item linking.
 */
import type { IDataObject } from 'n8n-workflow';
import type { Execution } from '../shared/execution/execution';
import { MessageGoneError, type MessageReference } from '../shared/message/message-reference';
import { UserError } from '../shared/errors/user-error';

interface Delivered {
	reference: MessageReference;
	/** The keyword that the trigger waits for; undefined for items of versions before 0.2. */
	keyword: string | undefined;
}

/**
 * Runs `work` with the items that were delivered in place of those that arrived here. A message that is
 * gone counts as acknowledged, because the trigger takes moving and deleting as that.
 * @param work gets the execution to use, and which keyword acknowledges an item
 */
export async function forDeliveredMessages(
	execution: Execution,
	work: (execution: Execution, keywordOf: (item: number) => string | undefined) => Promise<void>,
): Promise<void> {
	const delivered = new Map<number, Delivered>();
	for (const item of execution.allItems) {
		const found = await execution.guarded([item], undefined, () => deliveredBy(execution, item));
		if (found) delivered.set(item, found);
	}
	const items = execution.items.map((item, index) => {
		const found = delivered.get(index);
		return found ? { ...item, json: { ...item.json, ...found.reference } } : item;
	});
	const fail: Execution['fail'] = (failed, mailbox, error) => {
		if (!(error instanceof MessageGoneError)) return execution.fail(failed, mailbox, error);
		for (const item of failed) {
			const found = delivered.get(item);
			if (!found) execution.fail([item], mailbox, error);
			else execution.emit(item, { ...found.reference, acknowledged: [], gone: true });
		}
	};
	const replaced = Object.create(execution, {
		items: { value: items },
		fail: { value: fail },
	}) as Execution;
	await work(replaced, (item) => delivered.get(item)?.keyword);
}

/**
 * @returns undefined where no trigger has anything to do with the item
 * @throws UserError if a trigger delivered it, and which message it was cannot be determined
 */
function deliveredBy(execution: Execution, item: number): Delivered | undefined {
	if (execution.parameter<string>('messages', item, 'input') !== 'input') return undefined;
	const json = execution.items[item]?.json ?? {};
	const own = deliveredIn(json);
	if (own) return own;
	const triggers = triggersBefore(execution);
	for (const name of triggers) {
		const found = deliveredIn(linkedItem(execution, item, name) ?? {});
		if (found?.keyword !== undefined) return found;
	}
	if (triggers.length === 0 || hasReference(json)) return undefined;
	throw new UserError(
		"This item can't be traced to the message that the trigger delivered, so that message can't be acknowledged",
		'Keep the field "id" of the trigger\'s item, for example with "Include Other Input Fields" in Edit Fields (Set). If a node such as Aggregate puts many items into one, acknowledge before it, or split the items again.',
	);
}

const hasReference = ({ mailbox, uid }: IDataObject): boolean =>
	mailbox !== undefined && uid !== undefined;

/** The stable id: host, user, mailbox, UIDVALIDITY and UID, each percent-encoded. */
function deliveredIn({ id, acknowledgeKeyword, account }: IDataObject): Delivered | undefined {
	const parts = typeof id === 'string' ? id.split('/') : [];
	if (parts.length !== 5) return undefined;
	const [, , mailbox = '', uidValidity, uid] = parts.map(decoded);
	if (!/^\d{1,10}$/.test(uid ?? '') || !/^\d{1,10}$/.test(uidValidity ?? '')) return undefined;
	const keyword = typeof acknowledgeKeyword === 'string' ? acknowledgeKeyword : undefined;
	return {
		reference: {
			mailbox,
			uidValidity: Number(uidValidity) || undefined,
			uid: Number(uid),
			account: typeof account === 'string' ? account : undefined,
		},
		keyword,
	};
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

function triggersBefore({ context }: Execution): string[] {
	return context
		.getParentNodes(context.getNode().name)
		.filter(({ type }) => type.endsWith('imap4MessageTrigger'))
		.map(({ name }) => name);
}

interface LinkedNode {
	item?: { json?: IDataObject };
}

/** @returns undefined where n8n has lost the link */
function linkedItem({ context }: Execution, item: number, name: string): IDataObject | undefined {
	try {
		const proxy = context.getWorkflowDataProxy(item) as unknown as {
			$: (node: string) => LinkedNode;
		};
		return proxy.$(name).item?.json;
	} catch {
		return undefined;
	}
}
