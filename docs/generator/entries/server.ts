import type { Entries } from './entry';

export const serverEntries: Entries = {
	'imap4Server.server.getInfo': {
		uses: { ID: '`server` is `null`' },
		notes: ['`encrypted`, `security`, `user` and `actsAs` describe how the connection logged in.'],
		errors: [],
		example: { says: 'What the server is:' },
	},
	'imap4Server.server.sendCommand': {
		notes: [
			"For extensions that no other node covers. The responses are returned as the server sent them. AI agents can't use it, and commands that log in, log out or change the connection are rejected.",
		],
		errors: ['BAD', 'NO'],
		example: {
			says: 'What the server says of a mailbox:',
			parameters: { command: 'STATUS', arguments: '["INBOX", ["MESSAGES", "UNSEEN"]]' },
		},
		mistakes: [
			{
				when: 'The arguments are not an array',
				parameters: { command: 'STATUS', arguments: 'INBOX' },
			},
			{ when: 'The command would end the session', parameters: { command: 'LOGOUT' } },
			{ when: 'The server does not know it', parameters: { command: 'XNOSUCH' } },
		],
	},
};
