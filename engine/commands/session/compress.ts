import type { Command } from '../command';
import { AUTHENTICATED } from '../command';
import { raw } from '../../wire/writer';

/** COMPRESS DEFLATE (RFC 4978 §2). The session changes its transport when it has succeeded. */
export function compress(): Command<void> {
	return {
		name: 'COMPRESS',
		args: [raw('DEFLATE')],
		states: AUTHENTICATED,
		pipelining: 'alone',
		needs: ['COMPRESS=DEFLATE'],
		done: () => undefined,
	};
}
