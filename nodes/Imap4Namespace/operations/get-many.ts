import { onAccount } from '../../shared/execution/on-account';
import type { Operation } from '../../shared/execution/operation';

const KINDS = ['personal', 'otherUsers', 'shared'] as const;

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		"Get the name prefixes and level separators of personal, shared and other users' mailboxes (NAMESPACE)",
	forModel: 'Use it to find out where shared mailboxes are. Returns one entry per prefix.',
	action: 'Get many namespaces',
	properties: [],
	execute: onAccount({
		atOnce: 1,
		sharesAnswers: true,
		async run({ imap }) {
			const namespaces = await imap.namespace();
			return KINDS.flatMap((kind) =>
				namespaces[kind].map(({ prefix, delimiter }) => ({ kind, prefix, delimiter })),
			);
		},
	}),
};
