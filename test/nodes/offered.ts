/** Whether a login asks what the server offers; one that relies on an earlier login doesn't. */
import type { MemoryServer } from '../server';
import type { Faults } from '../server/faults';

/** A server that names no capabilities in its answer to a login. */
export const listOnlyIfAsked: Faults = {
	rewrite: (octets) =>
		Buffer.from(
			octets.toString('latin1').replace(/^([^*]\S* OK )\[CAPABILITY [^\]]*\]/gm, '$1'),
			'latin1',
		),
};

export async function asksWhatIsOffered(
	server: MemoryServer,
	login: () => Promise<unknown>,
): Promise<boolean> {
	const before = server.commands.length;
	await login();
	return server.commands.slice(before).some(({ name }) => name === 'CAPABILITY');
}
