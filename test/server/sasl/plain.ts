import { BadSyntax } from '../command-reader';
import type { Mechanism } from './mechanism';
import { checkPassword } from './password';

/** RFC 4616: authorization identity, user and password, with NUL between them. */
export const plain: Mechanism = {
	showsSecret: true,
	async run({ settings, first }) {
		const fields = (await first()).toString('utf8').split('\0');
		if (fields.length !== 3) throw new BadSyntax('PLAIN has three fields');
		const [actAs, user, password] = fields as [string, string, string];
		checkPassword(settings, user, password);
		return { user, actAs };
	},
};
