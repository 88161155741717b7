import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type ITriggerFunctions,
	type ITriggerResponse,
} from 'n8n-workflow';
import { wordsOf } from '../shared/fields/subtitle';
import { authenticationProperties, imap4Credentials } from '../shared/account/authentication';
import { imap4Login } from '../shared/account/credential-test';
import { getMailboxes, mailboxSearches } from '../shared/mailbox/mailbox-locator';
import { activate } from './deactivation';
import { fields } from './fields';
import { poll } from './poll';
import { nodeKey } from './poll-context';
import { fixSchedule } from './schedule';

export class Imap4MessageTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'IMAP4 Message Trigger',
		name: 'imap4MessageTrigger',
		icon: { light: 'file:imap4MessageTrigger.svg', dark: 'file:imap4MessageTrigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: wordsOf('event'),
		description:
			'Starts the workflow when messages arrive, change or disappear on an IMAP server, or when a quota fills up',
		defaults: { name: 'IMAP4 Message Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: imap4Credentials,
		properties: [...authenticationProperties, ...fields],
	};

	methods = {
		credentialTest: { imap4Login },
		listSearch: mailboxSearches,
		loadOptions: { getMailboxes },
	};

	/** Only so that n8n says when it deactivates the node, which ends a poll that waits for mail. */
	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		fixSchedule(this);
		return { closeFunction: activate(nodeKey(this)) };
	}

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return poll(this);
	}
}
