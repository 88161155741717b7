/** The name of a file that holds a whole message. */
import { INVISIBLE, isDevice } from './file-name';

/** Bytes of the name without its ending; most file systems take 255. */
const LONGEST = 180;

/**
 * A name made of the subject, safe on every file system: no folders, nothing invisible, not too long.
 * @param subject decoded
 */
export function messageFileName(subject: string, uid: number): string {
	const words = subject
		.toWellFormed()
		.replace(/\p{Cc}/gu, ' ')
		.replace(INVISIBLE, '')
		.replace(/[\p{Co}\p{Cn}]/gu, '')
		.replace(/[/\\:*?"<>|]/g, '_')
		.replace(/\s+/g, ' ');
	let name = '';
	let octets = 0;
	for (const character of words.trim()) {
		octets += Buffer.byteLength(character);
		if (octets > LONGEST) break;
		name += character;
	}
	// A leading dot hides a file; a dot at the end gets lost on Windows.
	name = name.replace(/^[. ]+|[. ]+$/g, '');
	return /^_*$/.test(name) || isDevice(name) ? `message-${uid}.eml` : `${name}.eml`;
}
