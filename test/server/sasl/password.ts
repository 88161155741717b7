import { createHash, timingSafeEqual } from 'node:crypto';
import type { Settings } from '../session';
import { failed } from './mechanism';
import { prepared } from './prepared';

/** @throws Refusal AUTHENTICATIONFAILED */
export function checkPassword({ find }: Settings, user: string, password: string): void {
	const digest = (text: string): Buffer => createHash('sha256').update(prepared(text)).digest();
	const account = find(user);
	if (!account || !timingSafeEqual(digest(account.password), digest(password))) throw failed();
}
