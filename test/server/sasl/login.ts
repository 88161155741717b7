import type { Mechanism } from './mechanism';
import { checkPassword } from './password';

/** The LOGIN mechanism (draft-murchison-sasl-login §2), with the two prompts clients look for. */
export const login: Mechanism = {
	showsSecret: true,
	async run({ settings, first, ask }) {
		const user = (await first('Username:')).toString('utf8');
		const password = (await ask('Password:')).toString('utf8');
		checkPassword(settings, user, password);
		return { user, actAs: '' };
	},
};
