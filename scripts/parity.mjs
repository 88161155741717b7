/**
 * What imaplib offers, and on which servers the tests just run have seen it work here, as a
 * Markdown table. Says nothing of what was not run: `npm test` first.
 *
 *   node scripts/parity.mjs [test-results/tests.json] [--readme]
 *
 * With --readme the table takes the place of that in README.md.
 *
 * A test speaks for the rows that its title, or its suite's, names: `[parity: append, fetch]`. Fails
 * when a row has no passing test, a test of a row failed, or a title names no row.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
/** As the outermost suite of the conformance tests is called. */
const SERVERS = ['in-memory', 'Dovecot', 'Cyrus', 'Courier'];
/** A suite among the conformance tests that needs none of them. */
const UNIT = 'without a server';

/** In the order of imaplib's documentation. */
const ROWS = `
IMAP4 error abort readonly with IMAP4_SSL IMAP4_stream
Internaldate2tuple Int2AP ParseFlags Time2Internaldate
append authenticate capability check close copy create delete deleteacl enable expunge fetch getacl
getannotation getquota getquotaroot idle list login login_cram_md5 logout lsub move myrights
namespace noop open partial proxyauth read readline recent rename response search select send setacl
setannotation setquota shutdown socket sort starttls status store subscribe thread uid unsubscribe
unselect xatom
PROTOCOL_VERSION debug utf8_enabled state capabilities welcome`
	.trim()
	.split(/\s+/);

/** What is called otherwise in the class IMAP4 of engine/imaplib.ts, or is no method. @type {Record<string, string>} */
const HERE = {
	IMAP4: 'IMAP4.connect()',
	error: 'IMAP4.error',
	abort: 'IMAP4.abort',
	readonly: 'IMAP4.readonly',
	with: 'await using',
	IMAP4_SSL: 'IMAP4_SSL.connect()',
	IMAP4_stream: 'IMAP4_stream.connect()',
	open: 'connect({ connectSocket })',
	read: 'TransportHandler.data()',
	readline: 'TransportHandler.data()',
	send: 'Transport.write()',
	socket: 'Transport',
	PROTOCOL_VERSION: 'PROTOCOL_VERSION',
	debug: 'connect({ trace })',
	utf8_enabled: 'utf8_enabled',
	state: 'state',
	capabilities: 'capabilities',
	welcome: 'welcome',
};

/** @typedef {{ fullName: string, ancestorTitles: string[], status: string, meta?: { leftOut?: string } }} Test */

/** @type {Map<string, string[]>} by row and column: `passed`, `failed`, or why a test was left out */
const outcomes = new Map();
/** @type {Set<string>} */
const unknown = new Set();

/**
 * @param {Test} test
 * @param {string} file
 */
function count({ fullName, ancestorTitles, status, meta }, file) {
	const suites = ancestorTitles.map((title) => title.replace(/^'(.*)'$/, '$1'));
	const unit = suites.includes(UNIT) || !file.includes('/conformance/');
	const column = SERVERS.find((name) => name === suites[0]) ?? (unit ? UNIT : 'in-memory');
	const missing = fullName.includes('left out: ') ? 'not here' : undefined;
	const reason = meta?.leftOut?.replace(/^.* (?=not offered$)/, '') ?? missing;
	const outcome = status === 'passed' || status === 'failed' ? status : reason;
	for (const [, rows = ''] of fullName.matchAll(/\[parity: ([^\]]+)\]/g)) {
		for (const row of rows.split(', ')) {
			if (!ROWS.includes(row)) unknown.add(row);
			if (outcome) outcomes.set(`${row} on ${column}`, [...of(row, column), outcome]);
		}
	}
}

/**
 * @param {string} row
 * @param {string} column
 */
function of(row, column) {
	return outcomes.get(`${row} on ${column}`) ?? [];
}

/** @param {string} row */
function cells(row) {
	const written = SERVERS.map((server) => {
		const found = of(row, server);
		if (found.includes('failed')) return '✗';
		return found.includes('passed') ? '✓' : found.length > 0 ? `– ${found[0]}` : '';
	});
	const unit = of(row, UNIT);
	if (unit.includes('failed')) written[0] = '✗ unit test';
	else if (unit.includes('passed') && !written[0]) written[0] = '✓ unit test';
	if (!written.some((cell) => /^[✓✗]/.test(cell))) written[0] = 'no test';
	return written;
}

/** @param {string[][]} lines padded as Prettier does, so that a README may carry them */
function markdown(lines) {
	const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
	const written = lines.map((line) => line.map((cell, at) => cell.padEnd(widths?.[at] ?? 0)));
	written.splice(1, 0, widths?.map((width) => '-'.repeat(width)) ?? []);
	return written.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

const readme = process.argv.includes('--readme');
const [, , ...named] = process.argv.filter((argument) => argument !== '--readme');
const file = named[0] ?? join(ROOT, 'test-results', 'tests.json');
const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
const changed = Math.max(...tests.map((name) => statSync(join(ROOT, 'test', name)).mtimeMs));
if (!existsSync(file) || statSync(file).mtimeMs < changed) {
	console.error(`${file} is missing, or older than the tests: run npm test first`);
	process.exit(1);
}
/** @type {{ testResults: { name: string, assertionResults: Test[] }[] }} */
const report = JSON.parse(readFileSync(file, 'utf8'));
for (const { name, assertionResults } of report.testResults)
	for (const test of assertionResults) count(test, name);

const table = ROWS.map((row) => [`\`${row}\``, `\`${HERE[row] ?? `${row}()`}\``, ...cells(row)]);
const printed = markdown([['imaplib', 'here', ...SERVERS], ...table]);
console.log(printed);
if (readme) {
	const path = join(ROOT, 'README.md');
	const marked = /(<!-- npm run parity -->\n\n)[^]*?(\n\n<!-- end -->)/;
	const text = readFileSync(path, 'utf8');
	writeFileSync(
		path,
		text.replace(marked, (_old, begin, end) => `${begin}${printed}${end}`),
	);
}

/** @param {(line: string[]) => boolean} test */
const rowsThat = (test) => table.filter(test).map(([row]) => row);
const complaints = {
	'No passing test': rowsThat((line) => !line.some((cell) => cell.startsWith('✓'))),
	Failed: rowsThat((line) => line.some((cell) => cell.startsWith('✗'))),
	'No row of this name': [...unknown],
};
for (const [what, names] of Object.entries(complaints)) {
	if (names.length === 0) continue;
	console.error(`\n${what}: ${names.join(', ')}`);
	process.exitCode = 1;
}
