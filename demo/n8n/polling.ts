/** How n8n polls a trigger: as often as its fields say, with a cursor that its settings can keep safer. */

/**
 * The poll times of a trigger that polls more often than once a minute: n8n wants each of them to be a minute
 * apart from itself, and allows several.
 *
 * @param seconds a divisor of 60
 */
export const pollEvery = (seconds: number) => ({
	item: Array.from({ length: 60 / seconds }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * seconds} * * * * *`,
	})),
});

/** Settings of n8n that keep a poll's cursor and its execution in one transaction. */
export const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};
