/** A provider that was chosen in the SSL/TLS credential decides host and port, and what is not shown decides nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Imap4SslApi } from '../../../../credentials/Imap4SslApi.credentials';
import { accountOf } from '../../../../nodes/shared/account/account';
import { credentialTypes } from '../../credential-types';

const login = { user: 'anna@example.com', password: 'secret' };
const options = (data: object) => accountOf('imap4SslApi', { ...login, ...data }).options;
const [provider] = new Imap4SslApi().properties;
const hosts = (provider?.options ?? [])
	.flatMap((option) => ('value' in option ? [String(option.value)] : []))
	.filter((host) => host !== 'other');

describe('the provider of the SSL/TLS credential', () => {
	test.each(hosts)('%s is connected to on port 993 with a verified certificate', (host) => {
		const left = {
			host: 'old.example.com',
			port: 1993,
			ignoreCertificateErrors: true,
			serverName: 'old.example.com',
			fingerprint: 'AB:CD',
			clientCertificate: 'x',
		};
		expect(options({ ...left, provider: host })).toEqual(
			options({ host, port: 993, ignoreCertificateErrors: false }),
		);
		expect(() => options({ ...left, provider: host, password: '' })).toThrow('"Password"');
	});

	test.each([{}, { provider: 'other' }, { provider: '' }])(
		'%j takes host and port from the fields, as in credentials of earlier versions',
		(chosen) => {
			expect(options({ ...chosen, host: 'mail.example.com', port: 1993 })).toMatchObject({
				host: 'mail.example.com',
				port: 1993,
			});
		},
	);
});

describe('the notice of a provider', () => {
	const notices = Object.entries(credentialTypes).flatMap(([type, { properties }]) =>
		properties
			.filter((property) => property.type === 'notice')
			.map(({ name, displayName, displayOptions }) => ({
				type,
				name,
				html: displayName,
				providers: displayOptions?.show?.provider ?? [],
			})),
	);

	test.each([
		['imap4SslApi', ['other']],
		['imap4OAuth2Api', ['other']],
		['imap4AppOnlyApi', ['other', 'otherServiceAccount']],
	] as const)('there is one for each choice of %s that fills in the server', (type, others) => {
		const choice = credentialTypes[type].properties.find(({ name }) => name === 'provider');
		const presets = (choice?.options ?? [])
			.map((option) => String('value' in option ? option.value : ''))
			.filter((value) => !(others as readonly string[]).includes(value));
		expect(presets.length).toBeGreaterThan(1);
		const noticed = notices
			.filter((one) => one.type === type)
			.flatMap(({ providers }) => providers);
		expect([...noticed].sort()).toEqual(presets.sort());
	});

	test.each(notices.filter(({ providers }) => providers.length > 0))(
		'$type $name links to where it is set up, in a new tab',
		({ html }) => {
			const links = [...html.matchAll(/<a href="(https:[^"]+)" target="_blank">[^<]+<\/a>/g)];
			expect(links.length).toBeGreaterThan(0);
			expect(html.match(/<a/g)).toHaveLength(links.length);
		},
	);

	test.each(
		notices.flatMap(({ html }) =>
			[...html.matchAll(/docs\/accounts\.md#([\w-]+)/g)].map(([, at]) => at),
		),
	)('links to a heading that docs/accounts.md has: %s', (anchor) => {
		const headings = [...readFileSync('docs/accounts.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(
			([, heading = '']) =>
				heading
					.toLowerCase()
					.replace(/[^\w -]/g, '')
					.replace(/ /g, '-'),
		);
		expect(headings).toContain(anchor);
	});
});
