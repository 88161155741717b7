import type { Mechanism } from './mechanism';

/** The LOGIN mechanism (draft-murchison-sasl-login): user and password, one after the other. */
export function login(user: string, password: string): Mechanism {
	const answers = [user, password];
	return { name: 'LOGIN', clientFirst: false, respond: () => answers.shift() };
}
