import { BadSyntax } from '../command-reader';
import { useModSeqs } from '../condstore';
import type { ExtensionItem } from '../fetch-items';
import type { SearchKey } from '../search';

/** RFC 7162 §3.1.4.1. */
export const condstoreItems: Record<string, ExtensionItem> = {
	MODSEQ: {
		needs: 'CONDSTORE',
		read: (_reader, session) => {
			useModSeqs(session);
			return { name: 'MODSEQ', marks: false, value: ({ modSeq }) => [`(${modSeq})`] };
		},
	},
};

/** `MODSEQ 620162338`, or of one flag's metadata: `MODSEQ "/flags/\\draft" all 620162338` (RFC 7162 §3.1.5). */
export const condstoreKeys: Record<string, SearchKey> = {
	MODSEQ: {
		needs: 'CONDSTORE',
		read(reader, context) {
			reader.space();
			if (reader.peek() === '"') {
				// One mod-sequence is kept for a message, so that of a flag is the message's own.
				reader.string();
				reader.space();
				if (!['PRIV', 'SHARED', 'ALL'].includes(reader.word()))
					throw new BadSyntax('expected priv, shared or all');
				reader.space();
			}
			const least = reader.modSeq();
			useModSeqs(context.session);
			context.modSeq = true;
			return ({ modSeq }) => modSeq >= least;
		},
	},
};
