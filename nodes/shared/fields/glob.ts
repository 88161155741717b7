/** File names by pattern: `*` for any text, `?` for one character, in any case. */
export function matchesGlob(name: string, pattern: string): boolean {
	const [text, wanted] = [name, pattern].map((one) => [...one.normalize('NFC').toLowerCase()]) as [
		string[],
		string[],
	];
	let [at, next] = [0, 0];
	/** Where the last star stands, and up to where it has taken text. */
	let star = -1;
	let taken = 0;
	while (at < text.length) {
		if (wanted[next] === '*') {
			star = next++;
			taken = at;
		} else if (wanted[next] === '?' || wanted[next] === text[at]) {
			next++;
			at++;
		} else if (star >= 0) {
			next = star + 1;
			at = ++taken;
		} else return false;
	}
	while (wanted[next] === '*') next++;
	return next === wanted.length;
}
