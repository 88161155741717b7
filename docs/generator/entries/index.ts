/** What is said of each operation beside its description: one file for each node. */
import { accessEntries } from './access';
import { annotationEntries } from './annotation';
import type { Entries } from './entry';
import { flagsEntries } from './flags';
import { mailboxEntries } from './mailbox';
import { messageEntries } from './message';
import { namespaceEntries } from './namespace';
import { quotaEntries } from './quota';
import { serverEntries } from './server';
import { triggerEntries } from './message-trigger';

export const entries: Entries = {
	...accessEntries,
	...annotationEntries,
	...flagsEntries,
	...mailboxEntries,
	...messageEntries,
	...namespaceEntries,
	...quotaEntries,
	...serverEntries,
	...triggerEntries,
};
