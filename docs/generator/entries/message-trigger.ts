import { box, type Entries } from './entry';

const inbox = { watch: 'one', mailbox: box('INBOX') };

const TESTED =
	'The example is what _Fetch Test Event_ shows in the editor: the newest message, while the memory of the trigger stays as it is.';

export const triggerEntries: Entries = {
	'imap4MessageTrigger.messageReceived': {
		notes: [
			'A message is new if its UID is higher than the last that was handled, whatever its flags: one that your mail client has read meanwhile comes too. The first poll after the activation only notes where the mailbox stands, unless _Include Existing Messages_ is on.',
			TESTED,
		],
		errors: ['NONEXISTENT', 'NOPERM', 'AUTHENTICATION_FAILED', 'CONNECTION_LOST'],
		example: { says: 'A message has come:', parameters: inbox },
	},
	'imap4MessageTrigger.flagsChanged': {
		uses: {
			CONDSTORE:
				'only changes of the newest messages are seen, as many as _Newest Messages to Watch_ says',
		},
		notes: [TESTED],
		errors: ['NONEXISTENT', 'NOPERM', 'AUTHENTICATION_FAILED', 'CONNECTION_LOST'],
		example: { says: 'Flags have changed:', parameters: inbox },
	},
	'imap4MessageTrigger.messageRemoved': {
		notes: [TESTED],
		errors: ['NONEXISTENT', 'NOPERM', 'AUTHENTICATION_FAILED', 'CONNECTION_LOST'],
		example: { says: 'A message is gone:', parameters: inbox },
	},
	'imap4MessageTrigger.quotaAbove': {
		needs: ['QUOTA'],
		notes: ['In the editor, _Fetch Test Event_ shows the quotas whatever their use.'],
		errors: ['NONEXISTENT', 'NOPERM', 'AUTHENTICATION_FAILED', 'CONNECTION_LOST'],
		example: { says: 'The quotas of INBOX:', parameters: { ...inbox, quotaPercent: 90 } },
	},
};
