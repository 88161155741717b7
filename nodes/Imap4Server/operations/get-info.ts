import type { IDataObject } from 'n8n-workflow';
import type { Execution } from '../../shared/execution/execution';
import type { Operation } from '../../shared/execution/operation';
import { probe } from '../../shared/account/connection-pool';

async function execute(execution: Execution): Promise<void> {
	await execution.eachAccount(async (account, items) => {
		const { host = null, port = null, security = null, auth } = account.options;
		const info = await execution.connection(account, probe, async (imap): Promise<IDataObject> => ({
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
			server: await imap.id(),
			jmap: imap.capabilities.has('JMAPACCESS') ? await imap.getJmapAccess() : null,
		}));
		for (const item of items) execution.emit(item, info);
	});
}

export const getInfo: Operation = {
	name: 'Get Info',
	value: 'getInfo',
	description:
		"Get the server's name and capabilities (CAPABILITY, ID), and how the connection logged in",
	action: 'Check what the server supports',
	properties: [],
	execute,
};
