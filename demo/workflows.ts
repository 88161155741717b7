import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type WorkflowFile } from './run-workflow';

const FOLDER = join(dirname(__dirname), 'workflows');

/** A workflow of the folder workflows/, as a user would import it. */
export function readWorkflow(name: 'archive-by-year' | 'report'): WorkflowFile {
	return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as WorkflowFile;
}
