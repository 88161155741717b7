/** What stands below a node on the canvas. */

/** The choice in a field, such as `getMany`, as people read it: "Get many". */
export const wordsOf = (field: string): string =>
	`={{ $parameter["${field}"].replace(/[A-Z]/g, (letter) => " " + letter.toLowerCase()).replace(/^./, (first) => first.toUpperCase()) }}`;
