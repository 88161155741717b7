import { box, type Entries } from './entry';

const inbox = { watch: 'one', mailbox: box('INBOX') };

const TESTED =
	"The example shows what _Fetch Test Event_ returns in the editor: the newest message. What the trigger remembers doesn't change.";

export const triggerEntries: Entries = {
	'imap4MessageTrigger.messageReceived': {
		notes: [
			'A message is new if its UID is higher than the last that was handled, whatever its flags: one that your mail client has already read is delivered too. The first poll after activation only remembers what is there, unless _Include Existing Messages_ is on.',
			TESTED,
		],
		errors: ['NONEXISTENT', 'NOPERM', 'AUTHENTICATION_FAILED', 'CONNECTION_LOST'],
		example: { says: 'A message has arrived:', parameters: inbox },
	},
	'imap4MessageTrigger.flagsChanged': {
		uses: {
			CONDSTORE:
				'only changes of the newest messages are noticed, as many as _Newest Messages to Watch_ says',
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
		notes: ['In the editor, _Fetch Test Event_ shows the quotas, whatever their usage.'],
		errors: ['NONEXISTENT', 'NOPERM', 'AUTHENTICATION_FAILED', 'CONNECTION_LOST'],
		example: { says: 'The quotas of INBOX:', parameters: { ...inbox, quotaPercent: 90 } },
	},
};
