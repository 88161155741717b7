/**
 * Phrases that no native writer of technical English would use, and what to write instead. ESLint finds
 * them in the strings of nodes and credentials, a test in Markdown, in the notes of workflows and in the
 * titles of tests.
 */

/** @type {ReadonlyArray<readonly [phrase: string, instead: string]>} sources of regular expressions, in any case */
export const PHRASES = [
	['\\bnumbered anew\\b', 'UIDVALIDITY changed'],
	['\\banew\\b', 'again'],
	['\\bblanks\\b', 'spaces'],
	['\\boctets?\\b(?!-)', 'bytes'],
	['\\bmostly\\b', 'usually'],
	['\\bfor good\\b', 'permanently'],
	['\\b(is told in|stands in)\\b', 'is described in, see'],
	['\\b(tells|told)\\b', 'reports, returns, includes'],
	['\\bwhoever\\b', 'anyone who'],
	['\\bwhat destroys\\b', 'destructive operations'],
	['\\bmailboxes below it\\b', 'child mailboxes'],
	['\\bfigures of\\b', 'status of, counts of'],
	['" is no\\b', 'is not a valid'],
	['\\bis no (valid|whole|number|date|keyword|list|name|set|URL|text)\\b', 'is not a'],
	['\\bmost items\\b', 'max items'],
	['\\bgives? (it |them )?again\\b', 'redeliver'],
	['\\bmade if\\b', 'created if missing'],
	['\\bc[ao]mes? out empty\\b', 'is empty, returned nothing'],
	['\\btreat those\\b', 'process those'],
	['\\bcommon ground\\b', "couldn't agree"],
	['\\bhas no right to\\b', "doesn't have permission to"],
	['\\bno common\\b', 'none in common'],
];
