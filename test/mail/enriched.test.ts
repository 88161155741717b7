import { expect, test } from 'vitest';
import { enrichedText } from '../../mail/reading/enriched';

test.each([
	['the marks are not text', '<bold>Hi</bold> there', 'Hi there'],
	['a doubled bracket is one', 'a << b <<bold>', 'a < b <bold>'],
	['one line end is a space, two are one', 'a\nb\n\nc\n\n\nd', 'a b\nc\n\nd'],
	['lines are kept where they are not filled', '<nofill>a\nb</nofill>\nc', 'a\nb c'],
	['parameters are not text', '<color><param>red</param>a</color>', 'a'],
	['what looks like a mark and is none stays', '1 < 2 <b c> 3>2', '1 < 2 <b c> 3>2'],
	['what is closed and was never opened hides nothing', '</param>a</nofill>\nb', 'a b'],
])('of enriched text %s (RFC 1896)', (_rule, text, plain) => {
	expect(enrichedText(text, 'enriched')).toBe(plain);
});

test('of richtext only its own marks end lines (RFC 1341 §7.1.3)', () => {
	const text = '<bold>a</bold>\nb<nl>c <lt> d<comment>no</comment><paragraph>e</paragraph>f';
	expect(enrichedText(text, 'richtext')).toBe('a b\nc < d' + 'e\n\nf');
});
