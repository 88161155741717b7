import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = join(__dirname, '..', '..', '.github', 'workflows');
const files = readdirSync(FOLDER);

it.each(files)('%s pins every action to a commit and names its version', (file) => {
	const steps = readFileSync(join(FOLDER, file), 'utf8').match(/\buses:.*$/gm) ?? [];
	expect(steps.length).toBeGreaterThan(0);
	// A tag can be moved to other code; a commit cannot.
	for (const step of steps) expect(step).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
