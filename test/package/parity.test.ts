/** What `npm run parity` makes of test results: a table, complaints, and an exit code. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = join(__dirname, '..', '..');
const CONFORMANCE = '/somewhere/test/conformance/some.test.ts';

interface Result {
	suites?: string[];
	title: string;
	status: 'passed' | 'failed' | 'skipped';
	leftOut?: string;
}

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'parity-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parity(file: string) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/parity.mjs', file], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	const rows = stdout.split('\n').map((line) =>
		line
			.split('|')
			.slice(1, -1)
			.map((cell) => cell.trim()),
	);
	const row = (name: string) => rows.find(([first]) => first === `\`${name}\``)?.slice(1);
	return { status, stdout, stderr, rows, row };
}

function written(results: Result[], name = CONFORMANCE): string {
	const assertionResults = results.map(({ suites = [], title, status, leftOut }) => ({
		ancestorTitles: suites,
		fullName: [...suites, title].join(' '),
		title,
		status,
		meta: leftOut === undefined ? {} : { leftOut },
	}));
	const file = join(folder, 'tests.json');
	writeFileSync(file, JSON.stringify({ testResults: [{ name, assertionResults }] }));
	return file;
}

/** A passing test of each row of the table that an empty report gives. */
function ofAllRows(): Result[] {
	const { rows } = parity(written([]));
	const names = rows.slice(2).flatMap(([name]) => (name ? [name.replaceAll('`', '')] : []));
	expect(names.length).toBeGreaterThan(60);
	const title = `everything [parity: ${names.join(', ')}]`;
	return [{ suites: ["'Dovecot'"], title, status: 'passed' }];
}

describe('the table', () => {
	test('has a column for each server, and a cell for what its tests came to', () => {
		const on = (server: string, status: Result['status'], leftOut?: string): Result => ({
			suites: [`'${server}'`, 'a suite'],
			title: 'a test [parity: append, getacl]',
			status,
			leftOut,
		});
		const { rows, row } = parity(
			written([
				on('in-memory', 'skipped', 'ACL and QUOTA not offered'),
				on('Dovecot', 'passed'),
				on('Dovecot', 'skipped', 'ACL not offered'),
				on('Cyrus', 'passed'),
				on('Cyrus', 'failed'),
			]),
		);
		expect(rows[0]).toEqual(['imaplib', 'here', 'in-memory', 'Dovecot', 'Cyrus', 'Courier']);
		const cells = ['– not offered', '✓', '✗', ''];
		expect(row('append')).toEqual(['`append()`', ...cells]);
		expect(row('getacl')).toEqual(['`getacl()`', ...cells]);
	});

	test('counts what needs no server in one cell, and a missing server as not here', () => {
		const { row } = parity(
			written([
				{ suites: ['without a server'], title: 'digits [parity: Int2AP]', status: 'passed' },
				{ suites: ['a suite [parity: proxyauth]'], title: 'acts', status: 'passed' },
				{
					suites: ["'Courier'", 'left out: no root'],
					title: 'x [parity: fetch]',
					status: 'skipped',
				},
				{ suites: ["'Cyrus'"], title: 'x [parity: fetch]', status: 'passed' },
				// Not among those that were asked for.
				{ suites: ["'Dovecot'"], title: 'x [parity: fetch]', status: 'skipped' },
			]),
		);
		expect(row('Int2AP')?.slice(1)).toEqual(['✓ unit test', '', '', '']);
		expect(row('proxyauth')?.slice(1)).toEqual(['✓', '', '', '']);
		expect(row('fetch')?.slice(1)).toEqual(['', '', '✓', '– not here']);
		const unit = [{ title: 'flags [parity: ParseFlags]', status: 'passed' as const }];
		const { row: other } = parity(written(unit, '/somewhere/test/engine/flags.test.ts'));
		expect(other('ParseFlags')?.slice(1)).toEqual(['✓ unit test', '', '', '']);
	});
});

describe('the exit code', () => {
	test('is zero when each row has a passing test and none failed', () => {
		const { status, stdout, stderr } = parity(written(ofAllRows()));
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
		expect(stdout).not.toMatch(/no test|✗/);
	});

	test('is not when a row has no test, or all of its tests were left out', () => {
		const [all] = ofAllRows();
		const title = all?.title.replace(/ fetch,/, '') ?? '';
		const leftOut = { title: 'x [parity: fetch]', status: 'skipped', leftOut: 'X not offered' };
		for (const more of [[], [{ ...leftOut, suites: ["'in-memory'"] } as Result]]) {
			const file = written([{ ...all, title, status: 'passed' }, ...more]);
			const { status, stderr, row } = parity(file);
			expect(status).toBe(1);
			expect(row('fetch')?.[1]).toBe('no test');
			expect(stderr).toBe('\nNo passing test: `fetch`\n');
		}
	});

	test('is not when a test failed, or names no row', () => {
		const failed: Result = { title: 'x [parity: fetch, fetsch]', status: 'failed' };
		const { status, stderr } = parity(written([...ofAllRows(), failed]));
		expect(status).toBe(1);
		expect(stderr).toBe('\nFailed: `fetch`\n\nNo row of this name: fetsch\n');
	});

	test('is not written, and says what to run, when there are no results, or older ones than the tests', () => {
		const old = written(ofAllRows());
		utimesSync(old, new Date(0), new Date(0));
		for (const file of [old, join(folder, 'none.json')]) {
			const { status, stdout, stderr } = parity(file);
			expect(status).toBe(1);
			expect(stdout).toBe('');
			expect(stderr).toMatch(/run npm test first\n$/);
		}
	});
});
