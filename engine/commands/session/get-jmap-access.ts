import type { Command } from '../command';
import { answeredCommand } from '../command';

/** GETJMAPACCESS (RFC 9698 §3): the same mail by JMAP. @returns the URL of its session resource */
export function getJmapAccess(): Command<string> {
	return answeredCommand('GETJMAPACCESS', [], ['JMAPACCESS'], (response) =>
		response.type === 'JMAPACCESS' ? response.url : undefined,
	);
}
