import { describe } from 'vitest';
import { missingBrowser } from '../../demo/n8n/editor';

/** A `describe` for what needs a browser; left out, with the reason, where there is none. */
export function withBrowser(title: string, tests: () => void): void {
	const missing = missingBrowser();
	if (missing !== undefined) console.log(`Left out: ${title}, because ${missing}`);
	describe.skipIf(missing !== undefined)(title, tests);
}
