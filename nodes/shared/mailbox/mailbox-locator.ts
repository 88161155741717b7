/** The field in which a mailbox is chosen from the server's list, or named by its path. */
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeProperties,
} from 'n8n-workflow';
import type { Authentication } from '../account/authentication';
import { nodeAccount } from '../account/node-account';
import { nodeError } from '../errors/node-errors';
import { UserError } from '../errors/user-error';
import { probe, withConnection } from '../account/connection-pool';
import { isSelectable, specialUseOf } from './special-use';

/** A field of type resourceLocator; INBOX unless told otherwise. */
export function mailboxLocator(
	options: { name?: string; displayName?: string; description?: string; standard?: string } = {},
): INodeProperties {
	const {
		name = 'mailbox',
		displayName = 'Mailbox',
		description = 'The mailbox (folder) to work on',
		standard = 'INBOX',
	} = options;
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: standard },
		required: true,
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a mailbox…',
				typeOptions: { searchListMethod: 'searchMailboxes', searchable: true },
			},
			{
				displayName: 'By Path',
				name: 'path',
				type: 'string',
				placeholder: 'e.g. Archive/2025',
			},
		],
	};
}

/** @throws UserError if it is empty */
export function readMailbox(
	context: IExecuteFunctions,
	itemIndex: number,
	name = 'mailbox',
): string {
	const value: unknown = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	if (typeof value !== 'string' || value === '') {
		throw new UserError(
			'The name of the mailbox is empty',
			'Choose a mailbox from the list, or enter its path.',
		);
	}
	return value;
}

/** What the list holds: all mailboxes that hold messages, INBOX and those with a special use first. */
export async function searchMailboxes(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	try {
		const actAs = this.getNodeParameter('actAsUser', '');
		const authentication = this.getNodeParameter('authentication', 'ssl') as Authentication;
		const account = await nodeAccount(this, authentication, typeof actAs === 'string' ? actAs : '');
		const entries = await withConnection(account, probe, (imap) => imap.list('', '*'));
		const wanted = filter.toLowerCase();
		const results = entries
			.filter(isSelectable)
			.map((entry) => {
				const use = specialUseOf(entry);
				const rank = entry.name.toUpperCase() === 'INBOX' ? 0 : use ? 1 : 2;
				return { rank, name: use ? `${entry.name} (${use})` : entry.name, value: entry.name };
			})
			.filter(({ name }) => name.toLowerCase().includes(wanted))
			.sort((a, b) => a.rank - b.rank || a.name.localeCompare(b.name));
		return { results: results.map(({ name, value }) => ({ name, value })) };
	} catch (error) {
		throw nodeError(this.getNode(), error, { operation: 'List mailboxes' });
	}
}
