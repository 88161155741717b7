import { expect, test, vi } from 'vitest';
import { acceptsGone } from '../../../../nodes/shared/execution/gone-messages';

test('Accept Missing Messages decides for each item, and is called by its label in an error', () => {
	const toggle = vi.fn(() => true);
	expect(acceptsGone({ toggle } as never, 3)).toBe(true);
	expect(toggle).toHaveBeenCalledExactlyOnceWith('acceptMissing', 'Accept Missing Messages', 3);
});
