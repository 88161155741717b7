import type { HostileEnd } from './hostile-server';

export const ALL_CAPABILITIES =
	'IMAP4rev1 LITERAL+ SASL-IR IDLE NOTIFY ENABLE ESEARCH UIDPLUS CONDSTORE QRESYNC THREAD=REFERENCES ' +
	'THREAD=ORDEREDSUBJECT SORT SORT=DISPLAY ESORT SEARCHRES PARTIAL NAMESPACE ACL QUOTA METADATA ' +
	'ANNOTATEMORE ID LIST-EXTENDED LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE MULTIAPPEND BINARY ' +
	'REPLACE MOVE UNSELECT WITHIN X-GM-EXT-1 OBJECTID PREVIEW SAVEDATE JMAPACCESS CHILDREN ' +
	'STATUS=SIZE AUTH=PLAIN AUTH=CRAM-MD5 AUTH=LOGIN AUTH=XOAUTH2 AUTH=OAUTHBEARER AUTH=EXTERNAL';

/**
 * Says OK to whatever comes, and keeps what came: one entry a command, by RFC 3501 §2.2.1 and §4.3,
 * its literals as `{}`. It knows of searches only that they find nothing.
 */
export async function oblige(end: HostileEnd, greeting: string, log: string[]): Promise<void> {
	end.send(`${greeting}\r\n`);
	for (;;) {
		let line = await end.line();
		let command = '';
		for (;;) {
			const literal = /~?\{(\d+)(\+?)\}$/.exec(line);
			if (!literal) break;
			if (!literal[2]) end.send('+ go\r\n');
			await end.octets(Number(literal[1]));
			command += `${line.slice(0, literal.index)}{}`;
			line = await end.line();
		}
		command += line;
		log.push(command);
		const [tag = '', name = ''] = command.split(' ');
		if (name === 'AUTHENTICATE') {
			end.send('+ Y2hhbGxlbmdl\r\n');
			log[log.length - 1] += `\n${await end.line()}`;
		}
		if (name === 'IDLE') {
			end.send('+ idling\r\n');
			log[log.length - 1] += `\n${await end.line()}`;
		}
		// Without a result the search would be asked for again in another way.
		if (/^\S+ (?:UID )?SEARCH RETURN /.test(command)) end.send(`* ESEARCH (TAG "${tag}")\r\n`);
		end.send(`${tag} OK done\r\n`);
	}
}

/** What is wrong with a command line, octet by octet; undefined if nothing is. */
export function flaw(command: string): string | undefined {
	let depth = 0;
	let quoted = false;
	for (let at = 0; at < command.length; at++) {
		const char = command[at] as string;
		const code = command.charCodeAt(at);
		if (code === 0 || char === '\r' || char === '\n') return `a control character at ${at}`;
		if (code > 0x7f) return `an 8-bit octet at ${at}`;
		if (quoted) {
			if (char === '\\') {
				if (!/["\\]/.test(command[++at] ?? '')) return `a stray backslash at ${at}`;
			} else if (char === '"') quoted = false;
		} else if (char === '"') {
			if (!/[ (]/.test(command[at - 1] ?? '')) return `a quote within a word at ${at}`;
			quoted = true;
		} else if (code < 0x20 || code === 0x7f) return `a control character at ${at}`;
		else if (char === '(') depth++;
		else if (char === ')' && --depth < 0) return `a closed parenthesis at ${at}`;
		else if (char === ' ' && command[at + 1] === ' ') return `two spaces at ${at}`;
		else if (char === '{' && command[at + 1] !== '}') return `a brace at ${at}`;
	}
	if (quoted) return 'an open string';
	if (depth > 0) return 'an open parenthesis';
	return command.endsWith(' ') ? 'a blank at the end' : undefined;
}
