/**
 * The reference of `imap4-engine/testing`: by itself, since typedoc takes what another package holds for
 * external, and the in-memory server is not in the engine's folder.
 */
import engine from './typedoc.config.mjs';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
	...engine,
	name: 'imap4-engine/testing',
	entryPoints: ['test/server/testing.ts'],
	out: 'site/reference/testing',
	intentionallyNotDocumented: [],
	intentionallyNotExported: [],
};
