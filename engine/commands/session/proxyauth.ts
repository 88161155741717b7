import type { Command } from '../command';
import { astring } from '../../wire/writer';

/**
 * PROXYAUTH, of Netscape's and its descendants' servers: the admin who is logged in acts as
 * another user from here on. Nothing that was known of the admin's account holds for the user's.
 */
export function proxyauth(user: string): Command<void> {
	return {
		name: 'PROXYAUTH',
		args: [astring(user)],
		states: ['authenticated'],
		pipelining: 'alone',
		done(_completion, session) {
			session.forgetCapabilities();
			session.setState('authenticated');
		},
	};
}
