/**
 * The totals of all test runs whose reports lie in a folder, as one line. Fails when a test failed
 * or none ran.
 *
 *   node scripts/test-totals.mjs test-results
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? 'test-results';
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.json'))) {
	/** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numFailedTestSuites: number, success: boolean }} */
	const report = JSON.parse(readFileSync(join(folder, name), 'utf8'));
	totals.passed += report.numPassedTests;
	totals.failed += report.numFailedTests;
	totals.skipped += report.numPendingTests;
	// A file that doesn't even load has no failed tests.
	if (!report.success && report.numFailedTests === 0) totals.failed += 1;
}
console.log(
	`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
if (totals.failed > 0 || totals.passed === 0) process.exitCode = 1;
