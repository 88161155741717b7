import { RealN8n } from '../../demo/n8n/real-n8n';

/**
 * A full n8n for the tests of one file, not started yet.
 *
 * @param settings n8n's environment variables
 * @throws {Error} when n8n is not installed
 */
export async function preparedN8n(settings: NodeJS.ProcessEnv = {}): Promise<RealN8n> {
	const { installedN8n } = await import('../../scripts/n8n-install.mjs');
	const program = installedN8n();
	if (program === undefined) {
		throw new Error('n8n is not installed: "npm run test:n8n" does that first');
	}
	return RealN8n.prepare(program, { settings });
}
