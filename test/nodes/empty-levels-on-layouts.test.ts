/** Some servers take `Projects.` for `Projects`: an expression that returned nothing must not delete that one. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { layouts, nameOn } from '../real/layouts';
import { box, errorOf, jsonOf } from './run-node';

for (const layout of layouts()) {
	const { title } = layout;
	if ('missing' in layout) {
		console.log(`Left out: ${title}, because ${layout.missing}`);
		continue;
	}
	const { host, port, password, users = '', delimiter } = layout;

	describe(`on ${title}`, () => {
		const account = () => ({
			node: 'imap4Mailbox' as const,
			server: { host, port },
			credential: { user: `${users}u${randomBytes(6).toString('hex')}`, password },
		});
		const projects = nameOn(layout, 'Projects');

		test.each([
			['as the server writes it', `=${projects}${delimiter}{{ $json.nothing }}`],
			['without the prefix', `=Projects${delimiter}{{ $json.nothing }}`],
			['with / between levels', '=Projects/{{ $json.nothing }}'],
			['in the middle', `=${projects}${delimiter}{{ $json.nothing }}${delimiter}2026`],
		])('a path with an empty level deletes nothing: %s', async (_how, path) => {
			const run = account();
			await jsonOf({ ...run, operation: 'create', parameters: { path: 'Projects/2026' } });
			await jsonOf({ ...run, operation: 'create', parameters: { path: 'Projects' } }).catch(
				() => undefined,
			);
			const { message, description } = await errorOf({
				...run,
				operation: 'delete',
				parameters: { mailbox: box(path) },
			});
			expect(message).toContain('has an empty level, so it could name another mailbox');
			expect(description).toContain('expression');
			const left = await jsonOf({
				...run,
				operation: 'getMany',
				parameters: { returnAll: true },
			});
			const names = left.map(({ mailbox }) => mailbox);
			expect(names).toContain(projects);
			expect(names).toContain(nameOn(layout, 'Projects/2026'));
		});
	});
}
