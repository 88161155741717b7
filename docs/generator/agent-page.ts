/** The page about the nodes as tools of an AI agent: what each operation does there, from its fields. */
import type { INodeProperties } from 'n8n-workflow';
import { plain, table } from './markdown';
import type { DocumentedNode, DocumentedOperation } from './package-nodes';

/** As the description of such an operation says. */
const REFUSED = 'not available to AI agents';

export function agentPage(nodes: readonly DocumentedNode[]): string {
	const tools = nodes.filter(({ type }) => type.description.usableAsTool === true);
	const rows = tools.flatMap(({ type, operations }) =>
		operations.map((operation) => [
			plain(type.description.displayName),
			plain([operation.resource, operation.name].filter(Boolean).join(': ')),
			...asTool(operation),
		]),
	);
	return [
		'<!-- Made by `npm run docs` from the fields of the nodes. -->',
		'# The nodes as tools of an AI agent',
		"An email can contain instructions for the model that reads it. That's why an agent changes nothing by default: in a tool, every operation that changes something has _Dry Run_ turned on and only reports what it would change. The agent's builder can turn it off for each tool.",
		"The model cannot turn it off. _Dry Run_, _Stop If More Than_ and _Mark as Read_ don't accept expressions in a tool, including `$fromAI`. Renaming and deleting INBOX is always rejected. Message output starts with the field `untrustedContent`, which says that other people wrote it; this is a hint for the model, not protection.",
		'The field _Description_ of a tool explains it to the model: when to use it, what it returns, what it never does. It is filled in for each operation; add what your agent should use it for. In a tool, _Messages_ is _By Reference_, so that the model names a message by the `mailbox`, `uidValidity` and `uid` that a search returned; texts have at most 20,000 characters unless _Maximum Length_ says otherwise; and an error says what to do about it, which the model reads.',
		table(['Node', 'Operation', 'As a tool', 'With Dry Run turned off'], rows),
		'Filters, mailboxes and UIDs can be set by the model with `$fromAI`, and a model that can set them can choose any message of the account. Give tools that change something a fixed mailbox, and set _Stop If More Than_.',
	].join('\n\n');
}

function asTool({ description, properties }: DocumentedOperation): [string, string] {
	if (description.includes(REFUSED)) return ['refused', 'refused'];
	const dryRun = properties.some(
		({ name, default: standard, displayOptions }) =>
			name === 'dryRun' && standard === true && displayOptions?.show?.['@tool']?.[0] === true,
	);
	if (dryRun) return ['reports what it would change', plain(description)];
	return properties.some(marksAsRead)
		? ['reads; marks as read where the builder turned that on', '']
		: ['reads', ''];
}

function marksAsRead({ name, options = [] }: INodeProperties): boolean {
	return (
		name === 'markAsRead' ||
		options.some((option) => 'name' in option && option.name === 'markAsRead')
	);
}
