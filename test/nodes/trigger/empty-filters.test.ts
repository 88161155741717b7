/** No filter of the trigger is widened by an expression that comes out empty: each, one by one. */
import type { INodeParameters } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { filtersProperty } from '../../../nodes/shared/message/filter-fields';
import { mail, startServer, USER } from '../run-node';
import { Poller } from './poller';

const EMPTY = ['""', '"  "', 'undefined', 'null', 'NaN', '[]', '({})'].map(
	(code) => `={{ ${code} }}`,
);
const names = (filtersProperty.options ?? [])
	.map((option) => ({
		name: option.name,
		label: 'displayName' in option ? option.displayName : '',
	}))
	.filter(({ name }) => name !== 'header');

const cases: Array<[label: string, parameters: INodeParameters, values: readonly string[]]> = [
	...names.map(({ name, label }): (typeof cases)[number] => [
		label,
		{ filters: { [name]: 'EMPTY' } },
		EMPTY,
	]),
	[
		'Header Fields: X',
		{ filters: { header: { field: [{ name: 'X', condition: 'contains', value: 'EMPTY' }] } } },
		EMPTY,
	],
	['Only These Keywords', { event: 'flagsChanged', changedKeywords: 'EMPTY' }, EMPTY],
	['Only These Flags', { event: 'flagsChanged', changedFlags: 'EMPTY' }, EMPTY],
];

test('every filter is in the table', () => {
	expect(names.length).toBeGreaterThan(15);
});

test.each(cases)('%s', async (label, parameters, values) => {
	const server = await startServer();
	for (const value of values) {
		const written = JSON.parse(
			JSON.stringify(parameters).replaceAll('"EMPTY"', JSON.stringify(value)),
		) as INodeParameters;
		const poller = new Poller({ server, parameters: written });
		server.account(USER).mailbox('INBOX').append(mail('one'));
		await expect(poller.poll(), value).rejects.toThrow(label);
	}
	expect(server.commands.map(({ name }) => name)).not.toContain('FETCH');
});
