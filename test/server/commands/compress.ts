import type { CommandHandler } from '../session';
import { Refusal } from '../store/account';

/** COMPRESS DEFLATE (RFC 4978 §3): what follows its OK is compressed, both ways. */
export const compressCommands: Record<string, CommandHandler> = {
	COMPRESS: {
		states: ['authenticated', 'selected'],
		needs: 'COMPRESS=DEFLATE',
		run(session, reader) {
			reader.space();
			const mechanism = reader.word();
			reader.end();
			if (mechanism !== 'DEFLATE') throw new Refusal('', 'Unknown compression mechanism.');
			if (session.wire.compressed)
				throw new Refusal('COMPRESSIONACTIVE', 'DEFLATE is active already.');
			session.wire.compress();
			return 'DEFLATE active.';
		},
	},
};
