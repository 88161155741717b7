import { createHash } from 'node:crypto';
import { ACKNOWLEDGED } from '../shared/message/acknowledgement';

/** The keyword of one trigger node: an acknowledgement of another workflow must not count for it. */
export function ownKeyword(workflow: string, node: string): string {
	const hash = createHash('sha256').update(`${workflow}:${node}`).digest('hex').slice(0, 12);
	return `${ACKNOWLEDGED}-${hash}`;
}

/** A message that carries the keyword already gets another one; else nobody could acknowledge it. */
export function keywordAt(keyword: string, index = 0): string {
	return index === 0 ? keyword : `${keyword}-${index + 1}`;
}
