import type { IDataObject } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import type { Operation } from '../../shared/execution/operation';
import { probe } from '../../shared/account/connection-pool';

const KINDS = ['personal', 'otherUsers', 'shared'] as const;

async function execute(execution: Execution): Promise<void> {
	await execution.eachAccount(async (account, items) => {
		const found = await execution.connection(
			account,
			probe,
			async (imap): Promise<IDataObject[]> => {
				const namespaces = await imap.namespace();
				return KINDS.flatMap((kind) =>
					namespaces[kind].map(({ prefix, delimiter }) => ({ kind, prefix, delimiter })),
				);
			},
		);
		for (const item of items) for (const json of found) execution.emit(item, json);
	});
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		"Get the name prefixes and level separators of personal, shared and other users' mailboxes (NAMESPACE)",
	action: 'Get many namespaces',
	properties: [],
	execute,
};
