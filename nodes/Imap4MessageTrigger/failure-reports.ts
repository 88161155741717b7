/** Which failures a poll reports, and how often. */
import type { INodeExecutionData, IPollFunctions, NodeError } from 'n8n-workflow';
import { UserError } from '../shared/errors/user-error';
import { nodeError } from '../shared/errors/node-errors';
import { byName, type TriggerState } from './cursor';
import type { RoundResult } from './mailbox-round';

/**
 * Of several mailboxes, one that fails is reported when it begins to fail and when its error changes,
 * not in every poll; the others go on.
 * @returns the error that the poll ends with if it has no items
 */
export function reportFailures(
	context: IPollFunctions,
	state: TriggerState,
	{ items, failures, names, ended }: RoundResult,
	isFirst: boolean,
): NodeError | undefined {
	const node = context.getNode();
	const before = state.failing ?? {};
	const failing = byName<string>();
	const fresh: NodeError[] = [];
	for (const [mailbox, error] of failures) {
		failing[mailbox] = error.message;
		if (before[mailbox] !== error.message) {
			fresh.push(nodeError(node, error, { operation: 'Poll', mailbox }));
		}
	}
	if (failures.size > 0) state.failing = failing;
	else delete state.failing;
	const end = ended && nodeError(node, ended, { operation: 'Poll' });
	const [first] = failures;
	// Where nothing works, each poll says so: the trigger must not look alive.
	const allFail = first !== undefined && failures.size === names.length;
	const fatal =
		end ??
		(allFail ? nodeError(node, first[1], { operation: 'Poll', mailbox: first[0] }) : undefined);
	if (fatal && items.length === 0 && !(isFirst && failures.size < names.length)) return fatal;
	for (const error of fatal ? [fatal, ...(end ? fresh : [])] : fresh) context.__emitError(error);
	return undefined;
}

/** What arrived since the last poll is not known any more, which nobody may find out by chance. */
export function reportDamaged(context: IPollFunctions, mailboxes: readonly string[]): void {
	const [first, ...others] = mailboxes;
	if (first === undefined) return;
	const more = others.length > 0 ? ` and ${others.length} more` : '';
	context.__emitError(
		nodeError(
			context.getNode(),
			new UserError(
				`What the trigger remembered of the mailbox "${first}"${more} is damaged, so it continues there with what happens from now on`,
				'Look in the mailbox for messages that arrived since the last poll, and process them once by hand. The static data of the workflow was changed by an import, by hand or by another version of the node.',
			),
			{ operation: 'Poll' },
		),
	);
}

/** A workflow that acknowledges nothing would otherwise repeat its messages in silence. */
export function reportUnacknowledged(
	context: IPollFunctions,
	state: TriggerState,
	items: readonly INodeExecutionData[],
): void {
	if (state.unacknowledgedReported) return;
	const item = items.find(({ json }) => json.neverAcknowledged !== undefined);
	if (!item) return;
	state.unacknowledgedReported = true;
	const { mailbox, uid, deliveryCount } = item.json;
	context.__emitError(
		nodeError(
			context.getNode(),
			new UserError(
				`The message with UID ${Number(uid)} in "${String(mailbox)}" was delivered ${Number(deliveryCount)} times and never acknowledged`,
				'Add IMAP4 Message Flags with the operation Acknowledge to the end of the workflow, and check that it runs for every item. Or increase "Redeliver After (Minutes)", or choose the delivery "When Received".',
			),
			{ operation: 'Poll' },
		),
	);
}
