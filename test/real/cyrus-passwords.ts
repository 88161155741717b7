import { rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { createServer } from 'node:net';

/**
 * Says whether a password is right, as saslauthd does for Cyrus: every user has the same one, so
 * that a test that needs a mailbox makes up a name.
 *
 * A request is user, password, service and realm, each behind its length in two octets; so is the
 * answer.
 */
export async function answerPasswords(path: string, password: string): Promise<Server> {
	await rm(path, { force: true });
	const server = createServer((socket) => {
		let received = Buffer.alloc(0);
		socket.on('error', () => undefined);
		socket.on('data', (chunk) => {
			received = Buffer.concat([received, chunk]);
			const fields = counted(received);
			if (fields.length < 4) return;
			const answer = Buffer.from(fields[1] === password ? '\0\0OK' : '\0\0NO');
			answer.writeUInt16BE(answer.length - 2);
			socket.end(answer);
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ path, writableAll: true, readableAll: true }, resolve);
	});
	return server;
}

function counted(octets: Buffer): string[] {
	const fields: string[] = [];
	for (let at = 0; at + 2 <= octets.length;) {
		const end = at + 2 + octets.readUInt16BE(at);
		if (end > octets.length) break;
		fields.push(octets.toString('utf8', at + 2, end));
		at = end;
	}
	return fields;
}
