/**
 * The connection ends during a command that changes something: whether or not the server carried it out, it is
 * sent once, and the error says what may be done and what to do.
 */
import { describe, expect, test } from 'vitest';
import type { MemoryServer } from '../server';
import { operations, type OperationCase } from './operations';
import { errorOf, mail, PASSWORD, RESOURCES, startServer, TARGET_USER, USER } from './run-node';

const CHANGES =
	/^(?:UID (?:STORE|MOVE|COPY|EXPUNGE)|APPEND|CREATE|DELETE|RENAME|SET\w+|DELETEACL)$/;
/** They look for what is done already. */
const REPEATABLE = ['copyToAccount', 'moveToAccount', 'empty', 'expunge'];
const MAY_BE_DONE: Record<string, string> = {
	APPEND: 'may have stored the message anyway. Check that',
	CREATE: 'may have created the mailbox anyway. Check that',
	DELETE: 'may have deleted the mailbox anyway. Check that',
	RENAME: 'may have renamed the mailbox anyway. Check that',
	'UID COPY': 'may have copied the messages anyway. Check that',
	'UID EXPUNGE':
		'may have deleted the messages anyway. Run this again with "Accept Missing Messages"',
	'UID MOVE': 'may have moved the messages anyway. Run this again with "Accept Missing Messages"',
};

/** @param carriedOut whether the command reaches the server, and only its answer is lost */
async function breaking(one: OperationCase, carriedOut: boolean): Promise<MemoryServer> {
	let silent = false;
	const server = await startServer({
		...{ quotaBytes: 1024 ** 2, isAdministrator: () => true },
		capabilities: { add: one.offers ?? [] },
		faults: {
			on({ line }) {
				if (!line.startsWith(one.command)) return undefined;
				silent = true;
				if (carriedOut) return undefined;
				server.cutAll();
				return '';
			},
			rewrite(octets) {
				if (!silent) return octets;
				server.cutAll();
				return Buffer.alloc(0);
			},
		},
	});
	server.addAccount(TARGET_USER, PASSWORD);
	server.account(USER).create('Target');
	const mailbox = server.account(USER).create('One');
	mailbox.append(mail('one'), { flags: ['\\Flagged'] });
	mailbox.append(mail('two'), { flags: ['\\Deleted'] });
	return server;
}

const changing = operations
	.filter(({ command }) => CHANGES.test(command))
	.map((one) => [`${one.node} ${one.operation}`, one] as const);

describe.each([
	['is lost', false],
	['is carried out, and its answer lost', true],
] as const)('the command %s', (_name, carriedOut) => {
	test.each(changing)('%s', async (_operation, one) => {
		const server = await breaking(one, carriedOut);
		const { uidValidity } = server.account(USER).mailbox('One');
		const { node, operation, command, parameters, resource = RESOURCES[node] } = one;
		const { message, description } = await errorOf({
			...{ node, operation, resource, parameters, server },
			items: [{ box: 'One', mailbox: 'One', uidValidity, uid: 1 }],
		});
		expect(message).toContain(`The server closed the connection during ${command}`);
		expect(server.commands.filter(({ line }) => line.startsWith(command))).toHaveLength(1);
		const mayBeDone = MAY_BE_DONE[command];
		if (mayBeDone === undefined || REPEATABLE.includes(operation)) {
			expect(description).toContain('Try again');
		} else expect(description).toContain(mayBeDone);
	});
});
