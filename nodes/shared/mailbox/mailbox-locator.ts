/** The field in which a mailbox is chosen from the server's list, named by its path, or by its role. */
import type {
	IExecuteFunctions,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodeParameterResourceLocator,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import type { Account } from '../account/account';
import { TARGET_CREDENTIAL_TYPES, type Authentication } from '../account/authentication';
import { accountOfType, nodeAccount } from '../account/node-account';
import { nodeError } from '../errors/node-errors';
import { probe, withConnection } from '../account/connection-pool';
import { isExpression } from '../fields/is-expression';
import type { WithNode } from '../fields/written-fields';
import { mailboxChoice, type MailboxChoice } from './mailbox-choice';
import { countedMailboxes, mailboxList } from './mailbox-list';
import { ROLE_FACTS } from './mailbox-roles';

/** The roles as one reads them, those first that are asked for most. */
const ROLE_LABELS = (
	['inbox', 'sent', 'drafts', 'archive', 'junk', 'trash', 'all', 'flagged', 'important'] as const
)
	.map((role) => ROLE_FACTS[role].label)
	.join(', ');

/** A field of type resourceLocator; INBOX unless told otherwise. */
export function mailboxLocator(
	options: {
		name?: string;
		displayName?: string;
		description?: string;
		standard?: string;
		/** The method that fills the list. */
		search?: string;
	} = {},
): INodeProperties {
	const {
		name = 'mailbox',
		displayName = 'Mailbox',
		description = 'The mailbox (folder) to work on',
		standard = 'INBOX',
		search = 'searchMailboxes',
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
				typeOptions: { searchListMethod: search, searchable: true },
			},
			{
				displayName: 'By Path',
				name: 'path',
				type: 'string',
				placeholder: 'e.g. Archive/2025',
				hint: 'Separate levels with /, whatever the server uses',
			},
			{
				// Text, since n8n's editor shows a list only for the mode whose name is "list".
				displayName: 'By Role',
				name: 'role',
				type: 'string',
				placeholder: 'e.g. Sent',
				hint: `${ROLE_LABELS}, whatever the mailbox is called`,
			},
		],
	};
}

/**
 * The mailbox that an item names, in whichever mode.
 * @param label of the field, for errors
 * @throws UserError if it is empty or names no mailbox
 */
export function readMailboxChoice(
	context: Pick<IExecuteFunctions, 'getNodeParameter'> & WithNode,
	itemIndex: number,
	name = 'mailbox',
	label = 'Mailbox',
): MailboxChoice {
	return choiceIn(context, name, context.getNodeParameter(name, itemIndex, ''), label);
}

/**
 * @param name of the field
 * @param given the value of a resource locator, or, from an expression for the whole field, a path
 * @throws UserError if it is empty or names no mailbox
 */
export function choiceIn(
	context: WithNode,
	name: string,
	given: unknown,
	label: string,
): MailboxChoice {
	const computed = isExpression(context, `${name}.value`);
	if (typeof given !== 'object' || given === null) {
		return mailboxChoice('path', given, label, computed);
	}
	const { mode, value } = given as Partial<INodeParameterResourceLocator>;
	return mailboxChoice(mode ?? 'path', value, label, computed);
}

/** What the list holds: all mailboxes that hold messages, INBOX and those with a role first. */
export async function searchMailboxes(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	try {
		return await mailboxesOf(await ownAccount(this), filter);
	} catch (error) {
		throw nodeError(this.getNode(), error, { operation: 'List mailboxes' });
	}
}

/**
 * The same for a field with several choices. What is chosen and not listed, such as a path of other delimiters,
 * is listed last: the editor would show it as a mistake.
 */
export async function getMailboxes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { results } = await searchMailboxes.call(this);
	const listed = results.map(({ name, value }) => ({ name, value }));
	const chosen = this.getCurrentNodeParameter('mailboxes');
	const others = (Array.isArray(chosen) ? chosen : [])
		.filter((path): path is string => typeof path === 'string' && path !== '')
		.filter((path) => !listed.some(({ value }) => value === path));
	return [...listed, ...others.map((path) => ({ name: path, value: path }))];
}

async function ownAccount(context: ILoadOptionsFunctions): Promise<Account> {
	const actAs = context.getNodeParameter('actAsUser', '');
	const authentication = context.getNodeParameter('authentication', 'ssl') as Authentication;
	return nodeAccount(context, authentication, typeof actAs === 'string' ? actAs : '');
}

/** As {@link searchMailboxes}, in the account that messages are copied or moved to. */
export async function searchTargetMailboxes(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	try {
		const given = this.getNodeParameter('targetAuthentication', 'password');
		const authentication = given === 'oAuth2' ? 'oAuth2' : 'password';
		const account = await accountOfType(this, TARGET_CREDENTIAL_TYPES[authentication], '');
		return await mailboxesOf(account, filter);
	} catch (error) {
		throw nodeError(this.getNode(), error, { operation: 'List mailboxes' });
	}
}

async function mailboxesOf(account: Account, filter: string): Promise<INodeListSearchResult> {
	return { results: mailboxList(await withConnection(account, probe, countedMailboxes), filter) };
}

/** For a node's `methods.listSearch`: what the mailbox fields of all nodes look things up with. */
export const mailboxSearches = { searchMailboxes };
