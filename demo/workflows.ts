import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type WorkflowFile } from './run-workflow';

const FOLDER = join(dirname(__dirname), 'workflows');

/** The files of the folder workflows/, without `.json`. */
export const WORKFLOW_NAMES = [
	'acl-audit',
	'archive-by-year',
	'archive-to-another-account',
	'bulk-grant-and-revoke',
	'bulk-quota-change',
	'classify-and-move',
	'copy-account',
	'dmarc-reports-to-table',
	'find-and-remove-duplicates',
	'folder-statistics',
	'handle-bounces',
	'legal-hold-and-retention',
	'mail-to-markdown',
	'provision-shared-mailbox',
	'purge-junk-and-trash',
	'quota-alert',
	'reply-drafts-with-approval',
	'report',
	'save-invoice-attachments',
	'shared-mailbox-triage',
	'thread-digest',
	'unsubscribe-newsletters',
] as const;

export type WorkflowName = (typeof WORKFLOW_NAMES)[number];

/** A workflow of the folder workflows/, as a user would import it. */
export function readWorkflow(name: WorkflowName): WorkflowFile {
	return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as WorkflowFile;
}

/** The workflow with Dry Run turned off, as a user does who has seen what it would change. */
export function withoutDryRun(workflow: WorkflowFile): WorkflowFile {
	for (const { parameters } of workflow.nodes) delete parameters.dryRun;
	return workflow;
}
