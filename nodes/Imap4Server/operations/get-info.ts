import { orOtherwise } from '../../shared/errors/refusal';
import { onAccount } from '../../shared/execution/on-account';
import type { Operation } from '../../shared/execution/operation';

export const getInfo: Operation = {
	name: 'Get Info',
	value: 'getInfo',
	description:
		"Get the server's name and capabilities (CAPABILITY, ID), and how the connection logged in",
	forModel:
		'Use it to find out what the mail server is and what it supports. Returns its name, its capabilities and the user who is logged in.',
	action: 'Check what the server supports',
	properties: [],
	execute: onAccount({
		atOnce: 1,
		sharesAnswers: true,
		async run({ imap, account }) {
			const { host = null, port = null, security = null, auth } = account.options;
			return {
				host,
				port,
				security,
				user: auth?.user ?? null,
				actsAs: account.proxyAuth ?? auth?.actAs ?? null,
				encrypted: imap.secure,
				protocol: imap.protocolVersion,
				capabilities: [...imap.capabilities].sort(),
				greeting: imap.greeting?.text ?? null,
				state: imap.state,
				server: await orOtherwise(imap.id(), async () => null),
				jmap: imap.capabilities.has('JMAPACCESS') ? await imap.getJmapAccess() : null,
			};
		},
	}),
};
