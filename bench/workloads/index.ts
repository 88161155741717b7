import type { Workload } from '../workload';
import { appendAll, appendEach } from './appends';
import { largeBodies, oneBody, smallBodies } from './bodies';
import { envelopes } from './envelopes';
import { flagAll, flagEach } from './flags';
import { logins } from './logins';
import { searches } from './searches';
import { chunks1460, chunks7, structures } from './structures';

export const workloads: readonly Workload[] = [
	logins,
	envelopes,
	structures,
	chunks1460,
	chunks7,
	smallBodies,
	largeBodies,
	oneBody,
	searches,
	flagAll,
	flagEach,
	appendEach,
	appendAll,
];
