/** The engine's reference, from its comments: `npm run docs:reference`. */

/** Of discriminated unions each kind has a comment, its fields speak for themselves. */
const UNION_FIELDS = {
	'imap4-engine.DataResponse.__type': [
		...['annotation', 'capabilities', 'data', 'earlier', 'entry', 'fields', 'flags', 'list'],
		...['mailbox', 'message', 'metadata', 'modSeq', 'name', 'namespaces', 'number', 'numbers'],
		...['possible', 'quota', 'rights', 'roots', 'status', 'text', 'threads', 'tokens', 'type'],
		...['uids', 'url'],
	],
	'imap4-engine.ResponseCode.__type': [
		...['atom', 'capabilities', 'charsets', 'destination', 'flags', 'id', 'name', 'set', 'source'],
		...['text', 'uidValidity', 'uids', 'url', 'value'],
	],
	'imap4-engine.RIGHTS.__type': [...'lrswipkxteancd'],
	'imap4-engine.SequenceNumber.__type': ['[kind]'],
	'imap4-engine.Uid.__type': ['[kind]'],
};

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
	name: 'imap4-engine',
	entryPoints: ['engine/index.ts', 'engine/imaplib.ts'],
	tsconfig: 'tsconfig.json',
	out: 'site/reference',
	readme: 'none',
	githubPages: false,
	disableSources: true,
	excludeInternal: true,
	excludePrivate: true,
	excludeProtected: true,
	// `npm run lint` has found the errors there are.
	skipErrorChecking: true,
	treatWarningsAsErrors: true,
	treatValidationWarningsAsErrors: true,
	validation: { notDocumented: true, notExported: true, invalidLink: true },
	intentionallyNotDocumented: Object.entries(UNION_FIELDS).flatMap(([owner, fields]) =>
		fields.map((field) => `${owner}.${field}`),
	),
	// Parts of what is exported, which a caller has no use for by themselves.
	intentionallyNotExported: ['PLAIN', 'KEYS', 'Ranges', 'Selected'],
};
