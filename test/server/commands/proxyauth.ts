import type { CommandHandler } from '../session';
import { actAs } from './authenticate';

/** Of Netscape's and its descendants' servers: who has logged in acts as another from here on. */
export const proxyCommands: Record<string, CommandHandler> = {
	PROXYAUTH: {
		states: ['authenticated'],
		exists: ({ mayActAs }) => mayActAs !== undefined,
		run(session, reader) {
			reader.space();
			const other = reader.astring().toString('utf8');
			reader.end();
			actAs(session, session.loggedInAs, other);
			session.enabled.clear();
			return `Acting as ${other}.`;
		},
	},
};
