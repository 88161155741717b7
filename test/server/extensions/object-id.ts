import type { CommandReader } from '../command-reader';
import type { ExtensionItem } from '../fetch-items';
import type { SearchKey } from '../search';
import type { Identity } from '../store/identity';

/** EMAILID and THREADID, which a copy shares with its original (RFC 8474 §5). */
function written(kind: string, { email, thread }: Identity): string {
	return kind === 'EMAILID' ? `M${email}` : `T${thread}`;
}

const KINDS = ['EMAILID', 'THREADID'];

export const objectIdItems: Record<string, ExtensionItem> = Object.fromEntries(
	KINDS.map((name) => [
		name,
		{
			needs: 'OBJECTID',
			read: () => ({
				name,
				marks: false,
				value: ({ identity }) => [`(${written(name, identity)})`],
			}),
		} satisfies ExtensionItem,
	]),
);

export const objectIdKeys: Record<string, SearchKey> = Object.fromEntries(
	KINDS.map((name) => [
		name,
		{
			needs: 'OBJECTID',
			read(reader) {
				reader.space();
				const wanted = readObjectId(reader);
				return ({ identity }) => written(name, identity) === wanted;
			},
		} satisfies SearchKey,
	]),
);

function readObjectId(reader: CommandReader): string {
	return reader.run(/[A-Za-z0-9_-]/, 'an object identifier');
}
