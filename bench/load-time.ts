/**
 * `npm run bench:load`: how much longer n8n takes to start with this package than with an empty one. Each
 * measurement is a process of its own, which has loaded n8n-workflow before, as n8n has; it loads and makes
 * every node and credential that package.json names. Medians, the two taken in turn.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const RUNS = Number(process.argv[2] ?? 21);
/** Milliseconds. */
const MOST = 60;

const LOADER = `
require(${JSON.stringify(join(ROOT, 'node_modules/n8n-workflow'))});
const { join } = require('node:path');
const root = process.argv[1];
const { n8n } = require(join(root, 'package.json'));
const began = process.hrtime.bigint();
const used = process.cpuUsage();
for (const file of [...n8n.credentials, ...n8n.nodes]) {
	for (const made of Object.values(require(join(root, file)))) {
		if (typeof made === 'function') new made();
	}
}
const { user, system } = process.cpuUsage(used);
process.stdout.write(JSON.stringify({
	wall: Number(process.hrtime.bigint() - began) / 1e6,
	cpu: (user + system) / 1e3,
}));
`;

/** Milliseconds. */
interface Cost {
	wall: number;
	cpu: number;
}

function measure(folder: string): Cost {
	return JSON.parse(
		execFileSync(process.execPath, ['-e', LOADER, folder], { encoding: 'utf8' }),
	) as Cost;
}

function median(costs: readonly Cost[]): Cost {
	const middle = (values: number[]): number =>
		values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
	return { wall: middle(costs.map(({ wall }) => wall)), cpu: middle(costs.map(({ cpu }) => cpu)) };
}

const kilobytes = (file: string): string =>
	`${Math.round(statSync(join(ROOT, 'dist', file)).size / 1024)} KB`;

const empty = mkdtempSync(join(tmpdir(), 'imap4-empty-'));
try {
	mkdirSync(join(empty, 'dist'));
	writeFileSync(join(empty, 'dist/Empty.node.js'), 'exports.Empty = class Empty {};');
	writeFileSync(
		join(empty, 'package.json'),
		JSON.stringify({ n8n: { credentials: [], nodes: ['dist/Empty.node.js'] } }),
	);
	const ours: Cost[] = [];
	const theirs: Cost[] = [];
	for (let run = 0; run < RUNS; run++) {
		theirs.push(measure(empty));
		ours.push(measure(ROOT));
	}
	const [with_, without] = [median(ours), median(theirs)];
	const row = (name: string, { wall, cpu }: Cost): void =>
		console.log(`${name} ${wall.toFixed(1)} ms, of CPU ${cpu.toFixed(1)} ms`);
	row('this package  ', with_);
	row('an empty one  ', without);
	const more = { wall: with_.wall - without.wall, cpu: with_.cpu - without.cpu };
	row('more          ', more);
	console.log(`The goal is at most ${MOST} ms more.`);
	const files = ['bundle.js', 'engine/shared.js', 'mail.js', 'third-party.js'];
	console.log(files.map((file) => `${file} ${kilobytes(file)}`).join(', '));
	process.exitCode = more.wall <= MOST ? 0 : 1;
} finally {
	rmSync(empty, { recursive: true, force: true });
}
