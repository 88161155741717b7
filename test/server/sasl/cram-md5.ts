import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Mechanism } from './mechanism';
import { failed } from './mechanism';

/** RFC 2195: the password keys a digest of a challenge that is never used twice. */
export const cramMd5: Mechanism = {
	showsSecret: false,
	serverFirst: true,
	async run({ settings, ask }) {
		const challenge = `<${randomBytes(8).toString('hex')}.${Date.now()}@in-memory.invalid>`;
		const response = (await ask(challenge)).toString('utf8');
		// A user name may have blanks, a digest has none.
		const blank = response.lastIndexOf(' ');
		const user = response.slice(0, Math.max(blank, 0));
		const given = Buffer.from(response.slice(blank + 1));
		const password = settings.find(user)?.password;
		const digest = createHmac('md5', password ?? randomBytes(8))
			.update(challenge)
			.digest('hex');
		const wanted = Buffer.from(digest);
		if (password === undefined || given.length !== wanted.length || !timingSafeEqual(given, wanted))
			throw failed();
		return { user, actAs: '' };
	},
};
