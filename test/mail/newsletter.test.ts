import { expect, it } from 'vitest';
import { htmlToText } from '../../mail/html-to-text/html-to-text';
import { newsletterHtml, NEWSLETTER_SIZE } from './newsletter';

it('makes of a newsletter of 1.2 MB a text of at most 60 kB, as a reader sees it', async () => {
	const html = newsletterHtml();
	expect(html.length).toBeGreaterThan(NEWSLETTER_SIZE);
	const text = await htmlToText(html, { links: 'remove' });
	expect(Buffer.byteLength(text)).toBeLessThan(60_000);
	expect(text).not.toMatch(/https?:|list of messages|font-family/);
	expect(text.slice(0, 100)).toMatch(/^News of the week\n+Story 1\n+What happened on day 1\.\n/);
	expect(text.trimEnd().endsWith('Unsubscribe')).toBe(true);
});
