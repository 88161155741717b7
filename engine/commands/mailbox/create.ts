import type { Command } from '../command';
import { plainCommand } from '../command';
import { checkFlag } from '../../grammar/flags';
import { list, mailbox, raw } from '../../wire/writer';

/** CREATE (RFC 9051 §6.3.4); with special uses (`\Sent` …) where CREATE-SPECIAL-USE is offered (RFC 6154 §3). */
export function create(name: string, specialUse: readonly string[] = []): Command<void> {
	if (specialUse.length === 0) return plainCommand('CREATE', [mailbox(name)]);
	const uses = list(specialUse.map((use) => raw(checkFlag(use))));
	return {
		...plainCommand('CREATE', [mailbox(name), list([raw('USE'), uses])]),
		needs: ['CREATE-SPECIAL-USE'],
	};
}
