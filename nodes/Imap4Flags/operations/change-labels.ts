import type { Uid } from '../../../engine/index';
import { acceptGoneProperty } from '../../shared/execution/gone-messages';
import { keepInputProperty } from '../../shared/execution/keep-input';
import { onMessages } from '../../shared/execution/on-messages';
import type { Operation } from '../../shared/execution/operation';
import { safeguardProperties } from '../../shared/execution/safeguards';
import { selectionProperties } from '../../shared/message/message-selection';
import { labelProperties, readLabelChange } from '../gmail-labels';

export const changeLabels: Operation = {
	name: 'Change Gmail Labels',
	value: 'changeLabels',
	description: "Add and remove Gmail's labels (STORE X-GM-LABELS); works at Gmail only",
	forModel:
		'Use it to file Gmail messages under labels or to take labels away. Returns the messages with their labels. Never deletes a message.',
	action: 'Add or remove Gmail labels',
	properties: [
		...selectionProperties,
		...labelProperties,
		keepInputProperty,
		acceptGoneProperty,
		...safeguardProperties,
	],
	execute: onMessages({
		readOnly: false,
		read: readLabelChange,
		// Without the label of a mailbox the message is no longer in it.
		movesMessages: true,
		dryRun: ({ settings }) => ({ ...settings }),
		async run({ mailbox, settings, uids, set, emit }) {
			const { added, removed } = settings;
			const labels = new Map<Uid | undefined, string[] | undefined>();
			// In this order: what loses its last label would be gone before it gets another one.
			for (const [action, some] of [
				['+X-GM-LABELS', added],
				['-X-GM-LABELS', removed],
			] as const) {
				if (some.length === 0) continue;
				const { messages } = await mailbox.store(set, action, some);
				for (const { uid, gmailLabels } of messages) labels.set(uid, gmailLabels);
			}
			for (const uid of uids) {
				emit(uid, {
					mailbox: mailbox.name,
					uidValidity: mailbox.uidValidity,
					uid,
					added,
					removed,
					labels: labels.get(uid) ?? null,
				});
			}
		},
	}),
};
