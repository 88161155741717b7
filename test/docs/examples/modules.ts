/** What examples import, and where it is here. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../../../docs/generator/package-nodes';
import * as engine from '../../../engine/index';
import * as imaplib from '../../../engine/imaplib';
import * as testing from '../../server/testing';

export { ROOT };

/** Source files by the name that a user imports. */
export const SOURCES: Readonly<Record<string, string>> = {
	'imap4-engine': join(ROOT, 'engine/index.ts'),
	'imap4-engine/imaplib': join(ROOT, 'engine/imaplib.ts'),
	'imap4-engine/testing': join(ROOT, 'test/server/testing.ts'),
};

const MODULES: Readonly<Record<string, object>> = {
	'imap4-engine': engine,
	'imap4-engine/imaplib': imaplib,
	'imap4-engine/testing': testing,
};

const require = createRequire(join(ROOT, 'package.json'));

/** The module of this name, which may be one of Node or of a development dependency. */
export const load = (name: string): object => MODULES[name] ?? (require(name) as object);
