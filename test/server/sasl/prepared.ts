/**
 * A user name or a password as it is compared and hashed (SASLprep, RFC 4013 §2): blanks of every
 * kind are blanks, what is not seen is left out, and what looks the same is the same.
 */
export function prepared(text: string): string {
	return text
		.replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
		.replace(
			/\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200c\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g,
			'',
		)
		.normalize('NFKC');
}
