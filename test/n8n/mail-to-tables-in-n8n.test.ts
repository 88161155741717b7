/**
 * The workflows of workflows/ that read reports into data tables, in a full n8n, on fresh accounts of Dovecot.
 */
import { crc32, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bounce, bouncedRecipient, wholeLetter, type LetterFile } from './letters';
import { contents, fill, freshName, loggedIn, messageIds, onDovecot } from './mail-accounts';
import { WorkflowRuns, workflowOn } from './workflow-runs';

const runs = WorkflowRuns.ofThisFile();

/** An archive of one file, stored (PKWARE's APPNOTE 4.3). */
function zip(name: string, content: string): Buffer {
	const data = Buffer.from(content);
	const common = Buffer.alloc(26);
	common.writeUInt16LE(20, 0);
	common.writeUInt32LE(crc32(data), 10);
	common.writeUInt32LE(data.length, 14);
	common.writeUInt32LE(data.length, 18);
	common.writeUInt16LE(name.length, 22);
	const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
	const central = Buffer.concat([
		Buffer.from('PK\x01\x02\x14\0'),
		common,
		Buffer.alloc(14),
		Buffer.from(name),
	]);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 'latin1');
	end.writeUInt16LE(1, 8);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(local.length, 16);
	return Buffer.concat([local, central, end]);
}

interface Line {
	ip: string;
	count: number | string;
	spf?: string;
}

const report = (id: string, lines: readonly Line[]): string => `<?xml version="1.0"?>
<feedback>
  <report_metadata>
    <org_name>${id.split('-')[0]}</org_name><report_id>${id}</report_id>
    <date_range><begin>1772582400</begin><end>1772668799</end></date_range>
  </report_metadata>
  <policy_published><domain>mail.example</domain><p>reject</p></policy_published>
${lines
	.map(
		({ ip, count, spf = 'pass' }) => `  <record>
    <row><source_ip>${ip}</source_ip><count>${count}</count>
      <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>${spf}</spf></policy_evaluated></row>
    <identifiers><header_from>mail.example</header_from></identifiers>
  </record>`,
	)
	.join('\n')}
</feedback>
`;

workflowOn('Dovecot')('dmarc-reports-to-table', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const settings = { table: `DMARC ${freshName()}` };
	const asShipped = runs.add('dmarc-reports-to-table', { logIn, settings });
	const real = runs.add('dmarc-reports-to-table', {
		logIn,
		settings: { ...settings, dryRun: false },
	});

	test('reads zip, gzip and XML; other attachments are named, and hold nothing up', async () => {
		const letter = (subject: string, ...files: LetterFile[]) => ({
			subject: '',
			raw: wholeLetter({ subject, from: 'reports@provider.example', files }),
		});
		const good = report('google-1', [
			{ ip: '192.0.2.1', count: 7 },
			{ ip: '192.0.2.2', count: 3, spf: 'fail' },
		]);
		const file = (name: string, type: string, content: string | Buffer) => ({
			name,
			type,
			content,
		});
		await fill(account, {
			DMARC: [
				letter('zip', file('google!1.zip', 'application/zip', zip('google!1.xml', good))),
				letter(
					'gzip',
					file(
						'yahoo!1.xml.gz',
						'application/octet-stream',
						gzipSync(report('yahoo-1', [{ ip: '2001:db8::1', count: 1 }])),
					),
				),
				letter(
					'plain',
					file('small.XML', 'text/xml', report('small-1', [{ ip: '192.0.2.9', count: 2 }])),
				),
				letter('no archive', file('broken.zip', 'application/zip', 'PK no archive at all')),
				letter('no XML', file('notes.xml', 'text/xml', '<feedback><record>and no end')),
				letter('other XML', file('feed.xml', 'text/xml', '<rss><channel/></rss>')),
				letter(
					'no numbers',
					file('odd.xml', 'text/xml', report('odd-1', [{ ip: '', count: 'many' }])),
				),
				letter('another', file('picture.png', 'image/png', 'a picture')),
			],
		});
		const before = await contents(account);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('What Would Be Stored')).toHaveLength(3);
		const named = ['broken.zip', 'notes.xml', 'feed.xml', 'odd.xml'];
		expect(looked.items('Not a DMARC Report').map(({ fileName }) => fileName)).toEqual(named);
		expect(await contents(account)).toEqual(before);

		const stored = await real();
		expect(stored.error).toBeUndefined();
		const rows = stored.items('Store the Row');
		const line = { domain: 'mail.example', policy: 'reject', dkim: 'pass', spf: 'pass' };
		const first = { ...line, firstDay: '2026-03-04T00:00:00.000Z' };
		expect(rows).toMatchObject([
			{ ...first, organization: 'google', sourceIp: '192.0.2.1', messages: 7 },
			{ ...first, organization: 'google', sourceIp: '192.0.2.2', messages: 3, spf: 'fail' },
			{ ...first, organization: 'yahoo', sourceIp: '2001:db8::1', messages: 1 },
			{ ...first, organization: 'small', sourceIp: '192.0.2.9', messages: 2 },
		]);
		const after = await contents(account);
		expect(after.DMARC?.map(({ flags }) => flags)).toEqual([
			...Array<string[]>(7).fill(['dmarc-read']),
			[],
		]);

		expect((await real()).hasRun('Store the Row')).toBe(false);
		// A report that is sent again replaces its own rows.
		await fill(account, {
			DMARC: [letter('again', file('again.zip', 'application/zip', zip('google!1.xml', good)))],
		});
		const again = await real();
		const ids = (items: Array<{ id?: unknown }>) => items.map(({ id }) => id);
		expect(ids(again.items('Store the Row'))).toEqual(ids(rows.slice(0, 2)));
	});
});

workflowOn('Dovecot')('handle-bounces', () => {
	const account = onDovecot();
	const logIn = loggedIn(account);
	const settings = { table: `Bounces ${freshName()}` };
	const asShipped = runs.add('handle-bounces', { logIn, settings });
	const withoutDays = runs.add('handle-bounces', {
		logIn,
		settings: { ...settings, days: null, dryRun: false },
	});
	const real = runs.add('handle-bounces', { logIn, settings: { ...settings, dryRun: false } });

	test('notes each address, moves the reports, and leaves other messages alone', async () => {
		const raw = (text: string) => ({ subject: '', raw: text });
		await fill(account, {
			INBOX: [
				raw(
					bounce('Gone', [
						bouncedRecipient('Nobody@there.example', 'failed', '5.1.1', '550 no such user'),
					]),
				),
				raw(
					bounce('Two', [
						bouncedRecipient('full@there.example', 'failed', '4.2.2', '452 full'),
						bouncedRecipient('late@there.example', 'delayed', '4.4.1'),
					]),
				),
				raw(bounce('Delivered', [bouncedRecipient('well@there.example', 'delivered', '2.0.0')])),
				raw(bounce('Without a report', [])),
				{
					subject: 'Undelivered Mail Returned to Sender',
					body: '550 no such user: me@there.example',
				},
				{ subject: 'Lunch' },
			],
		});
		const before = await contents(account);
		const looked = await asShipped();
		expect(looked.error).toBeUndefined();
		expect(looked.items('What Would Be Noted')).toHaveLength(2);
		const others = looked.items('Not a Bounce').map(({ subject }) => subject);
		expect(others).toEqual(['Delivered', 'Without a report']);
		expect((await withoutDays()).error).toMatch(/Received Since/);
		expect(await contents(account)).toEqual(before);

		const noted = await real();
		expect(noted.error).toBeUndefined();
		const about = { originalMessageId: '<offer@mail.example>' };
		expect(noted.items('Note the Address')).toMatchObject([
			{
				...about,
				address: 'nobody@there.example',
				kind: 'permanent',
				status: '5.1.1',
				diagnostic: '550 no such user',
			},
			{ ...about, address: 'full@there.example', kind: 'temporary', status: '4.2.2' },
			{ ...about, address: 'late@there.example', kind: 'temporary', status: '4.4.1' },
		]);
		expect(noted.items('Permanent')).toHaveLength(1);
		expect(await messageIds(account)).toEqual({
			INBOX: ['Delivered', 'Without-a-report', 'Undelivered-Mail-Returned-to-Sender', 'Lunch'],
			Bounces: ['Gone', 'Two'],
		});

		const again = await real();
		expect(again.error).toBeUndefined();
		expect(again.hasRun('Move the Report')).toBe(false);
	});
});
