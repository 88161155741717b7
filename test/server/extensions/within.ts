import { BadSyntax } from '../command-reader';
import type { SearchKey } from '../search';

/** OLDER and YOUNGER: by seconds of age (RFC 5032). */
function within(older: boolean): SearchKey {
	return {
		needs: 'WITHIN',
		read(reader) {
			reader.space();
			const seconds = reader.number();
			if (seconds === 0) throw new BadSyntax('an interval of no seconds');
			const moment = Date.now() - seconds * 1000;
			return ({ internalDate }) =>
				older ? internalDate.getTime() <= moment : internalDate.getTime() >= moment;
		},
	};
}

export const withinKeys: Record<string, SearchKey> = {
	OLDER: within(true),
	YOUNGER: within(false),
};
