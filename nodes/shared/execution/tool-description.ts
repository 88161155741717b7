/** How an AI agent explains an operation to its model. */
import type { INodeProperties } from 'n8n-workflow';

/** What is said of an operation. */
interface Described {
	description: string;
	forModel: string;
	properties: readonly INodeProperties[];
}

/** In place of n8n's own field of this name, which would say no more than "Search for messages in IMAP4 Message". */
export function toolDescription(operation: Described): INodeProperties {
	return {
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		typeOptions: { rows: 5 },
		displayOptions: { show: { '@tool': [true] } },
		default: describe(operation),
		required: true,
		description:
			'Explains this tool to the model. Add what your agent should use it for, and in which mailboxes.',
	};
}

function describe({ description, forModel, properties }: Described): string {
	const changes = properties.some(({ name }) => name === 'dryRun');
	return [
		`${plainWords(description)}.`,
		forModel,
		...(changes ? ['A result with "dryRun": true means that nothing was changed.'] : []),
	].join(' ');
}

/** A model has no use for the names of IMAP commands, which stand in parentheses, in capitals. */
const plainWords = (description: string): string =>
	description
		.replace(/ \([^()]*[A-Z]{2}[^()]*\)/g, '')
		.trim()
		.replace(/\.$/, '');
