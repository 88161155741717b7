import { formatDateTime } from '../command-reader';
import type { ExtensionItem } from '../fetch-items';
import { compareDay, dayOf } from '../message/day';
import type { SearchKey } from '../search';

/** When a message came into its mailbox, which is not when it was received (RFC 8514). */
export const saveDateItems: Record<string, ExtensionItem> = {
	SAVEDATE: {
		needs: 'SAVEDATE',
		read: () => ({
			name: 'SAVEDATE',
			marks: false,
			value: ({ saveDate }) => [formatDateTime(saveDate, 0)],
		}),
	},
};

function byDay(key: string): SearchKey {
	return {
		needs: 'SAVEDATE',
		read(reader) {
			reader.space();
			const wanted = reader.day();
			return ({ saveDate }) => compareDay(key.slice(5), dayOf(saveDate, 0), wanted);
		},
	};
}

export const saveDateKeys: Record<string, SearchKey> = {
	SAVEDBEFORE: byDay('SAVEDBEFORE'),
	SAVEDON: byDay('SAVEDON'),
	SAVEDSINCE: byDay('SAVEDSINCE'),
	// Every mailbox here keeps them (RFC 8514 §4.3).
	SAVEDATESUPPORTED: { needs: 'SAVEDATE', read: () => () => true },
};
