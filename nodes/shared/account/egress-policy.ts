/**
 * n8n's own restriction of outgoing connections, for where n8n offers no filter: the test of a credential.
 * It follows n8n's SSRF protection: allowed names, then allowed ranges, come before blocked ones.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { ConnectOptions } from '../../../engine/index';

type Lookup = NonNullable<ConnectOptions['lookup']>;

/** What n8n blocks where its administrator names no ranges, and `::`, by which this machine is reached too. */
const DEFAULT_BLOCKED_RANGES = [
	'10.0.0.0/8',
	'172.16.0.0/12',
	'192.168.0.0/16',
	'127.0.0.0/8',
	'::/128',
	'::1/128',
	'169.254.0.0/16',
	'fe80::/10',
	'fc00::/7',
	'fd00::/8',
	'0.0.0.0/8',
	'192.0.0.0/24',
	'192.0.2.0/24',
	'198.18.0.0/15',
	'198.51.100.0/24',
	'203.0.113.0/24',
];

export interface EgressPolicy {
	/** @throws Error if the host is a blocked address or a blocked name */
	checkHost(host: string): void;
	/** Resolves a name, and fails if one of its addresses is blocked. */
	lookup: Lookup;
}

/**
 * @param environment of the n8n process
 * @returns undefined where n8n's SSRF protection is off
 */
export function egressPolicy(
	environment: NodeJS.ProcessEnv = process.env,
): EgressPolicy | undefined {
	const enabled = environment.N8N_SSRF_PROTECTION_ENABLED?.trim().toLowerCase();
	if (enabled !== 'true' && enabled !== '1') return undefined;
	const list = (name: string): string[] =>
		(environment[name] ?? '')
			.split(',')
			.map((entry) => entry.trim())
			.filter((entry) => entry !== '');
	const blockedRanges = list('N8N_SSRF_BLOCKED_IP_RANGES').flatMap((entry) =>
		entry.toLowerCase() === 'default' ? DEFAULT_BLOCKED_RANGES : [entry],
	);
	const blocked = ranges(
		environment.N8N_SSRF_BLOCKED_IP_RANGES === undefined ? DEFAULT_BLOCKED_RANGES : blockedRanges,
	);
	const allowed = ranges(list('N8N_SSRF_ALLOWED_IP_RANGES'));
	const allowedNames = list('N8N_SSRF_ALLOWED_HOSTNAMES');
	const blockedNames = list('N8N_SSRF_BLOCKED_HOSTNAMES');

	const checkAddress = (address: string): void => {
		const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
		if (!allowed.check(address, family) && blocked.check(address, family)) throw refused(address);
	};
	return {
		checkHost(host) {
			const address = /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
			if (isIP(address) > 0) checkAddress(address);
			else if (!matches(host, allowedNames) && matches(host, blockedNames)) throw refused(host);
		},
		lookup(hostname, options, callback) {
			lookup(hostname, { ...options, all: true }, (error, addresses) => {
				try {
					if (error) throw error;
					if (!matches(hostname, allowedNames)) {
						for (const { address } of addresses) checkAddress(address);
					}
				} catch (reason) {
					return callback(reason as NodeJS.ErrnoException, options.all ? [] : '', 0);
				}
				const [first] = addresses;
				if (options.all) callback(null, addresses);
				else callback(null, first?.address ?? '', first?.family);
			});
		},
	};
}

function refused(what: string): Error {
	return new Error(
		`The administrator of this n8n instance doesn't allow connections to ${what} (SSRF protection)`,
	);
}

function ranges(entries: readonly string[]): BlockList {
	const list = new BlockList();
	for (const entry of entries) {
		const [network = '', prefix = ''] = entry.split('/');
		const version = isIP(network);
		const longest = version === 6 ? 128 : 32;
		// As n8n does: what is not a range is passed over.
		if (version === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > longest) continue;
		list.addSubnet(network, Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
	}
	return list;
}

/** @param patterns names, or `*.example.com` for all names below one */
function matches(host: string, patterns: readonly string[]): boolean {
	const plain = (name: string): string => name.trim().toLowerCase().replace(/\.$/, '');
	const name = plain(host);
	return patterns
		.map(plain)
		.some((pattern) =>
			pattern.startsWith('*.')
				? name.endsWith(pattern.slice(1)) && name.length >= pattern.length
				: name === pattern,
		);
}
