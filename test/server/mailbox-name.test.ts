import { expect, test } from 'vitest';
import { fromWire, matcher, toWire } from './mailbox-name';
import { loggedIn } from './raw-client';

test.each([
	['Gr\u00fc\u00dfe & more', 'Gr&APwA3w-e &- more'],
	['\u65e5\u672c', '&ZeVnLA-'],
])('%s is %s in modified UTF-7', (name, wire) => {
	expect(toWire(name)).toBe(wire);
	expect(fromWire(wire)).toBe(name);
});

test('every printable character of US-ASCII but the wildcards matches itself only', () => {
	for (let code = 0x20; code < 0x7f; code++) {
		const char = String.fromCharCode(code);
		if (char === '*' || char === '%') continue;
		const match = matcher(`a${char}b%`, '/');
		expect([char, match(`a${char}bc`), match('axbc') && char !== 'x']).toEqual([char, true, false]);
	}
});

test('LIST with a hyphen in the pattern', async () => {
	const { client } = await loggedIn();
	await client.send('CREATE a-b');
	expect(await client.untagged('LIST "" a-%')).toEqual(['LIST (\\HasNoChildren) "/" "a-b"']);
});
