/** What the nodes advise about errors, from the tables that they use. */
import { ENGINE_CODES } from '../../nodes/shared/errors/engine-codes';
import {
	KNOWN_SERVER_TEXTS,
	type KnownServerText,
} from '../../nodes/shared/errors/known-server-text';
import { RESPONSE_CODES } from '../../nodes/shared/errors/response-codes';

export interface Advice {
	/** A response code of the server, or a code of the engine. */
	code: string;
	kind: 'response code' | 'cause';
	advice: string;
}

export const knownServerTexts: readonly KnownServerText[] = KNOWN_SERVER_TEXTS;

export function errorAdvice(): Advice[] {
	const rows = (
		table: Readonly<Record<string, { advice?: string }>>,
		kind: Advice['kind'],
	): Advice[] =>
		Object.entries(table).flatMap(([code, { advice }]) =>
			advice === undefined ? [] : [{ code, kind, advice }],
		);
	return [...rows(RESPONSE_CODES, 'response code'), ...rows(ENGINE_CODES, 'cause')];
}
