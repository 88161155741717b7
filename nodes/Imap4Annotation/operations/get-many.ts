import type { Execution } from '../../shared/execution/execution';
import { MANY } from '../../shared/execution/on-account';
import { onMailbox } from '../../shared/execution/on-mailbox';
import { isExpression } from '../../shared/fields/is-expression';
import { strictText } from '../../shared/fields/strict-values';
import { UserError } from '../../shared/errors/user-error';
import type { Operation } from '../../shared/execution/operation';
import { dialect, placeProperties, readPlace } from '../entries';

const SCOPES = ['/private', '/shared'] as const;

/** @throws UserError */
function readPrefix(execution: Execution, item: number): string {
	const given = strictText(execution.parameter<unknown>('below', item, ''), 'Entry Prefix', {
		required: isExpression(execution.context, 'below'),
	});
	const below = given.replace(/(?<!\/)\/+$/, '');
	if (below === '' || below.startsWith('/')) return below;
	throw new UserError('The field "Entry Prefix" must start with a slash, such as /vendor');
}

export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	description:
		'Get all annotations of a mailbox or of the server under a name, one item each (GETMETADATA, GETANNOTATION)',
	forModel:
		'Use it to see all notes that were stored on a mailbox or on the server. Returns one entry per note with its name and value.',
	action: 'Get many annotations',
	properties: [
		...placeProperties,
		{
			displayName: 'Entry Prefix',
			name: 'below',
			type: 'string',
			default: '/vendor',
			placeholder: 'e.g. /vendor',
			description: 'Only annotations whose names start with this, without /private or /shared',
		},
	],
	execute: onMailbox({
		atOnce: MANY,
		sharesAnswers: true,
		choice: readPlace,
		read: readPrefix,
		// Everything below /private and /shared, one object an entry.
		async run({ imap, mailbox, settings: below }) {
			const via = dialect(imap, mailbox);
			if (via === 'ANNOTATEMORE') {
				const found = await imap.getAnnotation(mailbox, below === '' ? '*' : `${below}*`, [
					'value.priv',
					'value.shared',
				]);
				return found.flatMap(({ entry, attributes }) =>
					Object.entries(attributes)
						.filter(([, value]) => value !== null)
						.map(([attribute, value]) => ({
							mailbox,
							entry: `${attribute === 'value.shared' ? '/shared' : '/private'}${entry}`,
							value,
							via,
						})),
				);
			}
			const entries = SCOPES.map((scope) => `${scope}${below === '' ? '/comment' : below}`);
			const { values } = await imap.getMetadata(mailbox, entries, { depth: 'infinity' });
			return Object.entries(values)
				.filter(([, value]) => value !== null)
				.map(([entry, value]) => ({ mailbox, entry, value, via }));
		},
	}),
};
