/** When n8n deactivates a node: its polls end. */
import { expect, test } from 'vitest';
import { activate, deactivation } from '../../../nodes/Imap4MessageTrigger/deactivation';

test('a node that is deactivated ends its polls, and those of no other node', async () => {
	const deactivate = activate('one');
	activate('other');
	const [one, other] = [deactivation('one'), deactivation('other')];
	expect(one.aborted).toBe(false);
	await deactivate();
	expect(one.aborted).toBe(true);
	expect(other.aborted).toBe(false);
});

test('a node that is activated again is active', async () => {
	await activate('again')();
	expect(deactivation('again').aborted).toBe(true);
	activate('again');
	expect(deactivation('again').aborted).toBe(false);
});

test('a node whose earlier activation ends late stays active', async () => {
	const endFirst = activate('twice');
	const endSecond = activate('twice');
	const signal = deactivation('twice');
	await endFirst();
	expect(signal.aborted).toBe(false);
	await endSecond();
	expect(signal.aborted).toBe(true);
});

test('all polls of a node that was never activated, as in a test, get the same signal', () => {
	const signal = deactivation('never');
	expect(signal.aborted).toBe(false);
	expect(deactivation('never')).toBe(signal);
	expect(deactivation('nor this')).not.toBe(signal);
});
