/** The name of a file that holds a whole message. */

/** Bytes of the name without its ending; most file systems take 255. */
const LONGEST = 180;

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A name made of the subject, safe on every file system: no folders, nothing invisible, not too long.
 * @param subject decoded
 */
export function messageFileName(subject: string, uid: number): string {
	const words = subject
		.toWellFormed()
		// Line ends and the like, and marks that turn the direction of writing round.
		.replace(/\p{Cc}/gu, ' ')
		.replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, '')
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
	return /^_*$/.test(name) || DEVICE.test(name) ? `message-${uid}.eml` : `${name}.eml`;
}
