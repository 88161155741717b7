/**
 * Must be imported before n8n-core, which reads its settings and writes a settings file while it is
 * being loaded: everything goes into a temporary folder, nothing is logged, nobody is called.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * n8n-core's files of this process, binary data included; removed when the process ends. The processes of
 * a test run are ended without notice: there the run names a folder for all of them, and removes it.
 */
const temporaryFolder = mkdtempSync(
	join(process.env.IMAP4_N8N_CORE_FOLDER ?? tmpdir(), 'n8n-core-'),
);
process.once('exit', () => {
	rmSync(temporaryFolder, { recursive: true, force: true });
});
// A signal alone would end the process without its 'exit' event.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

for (const name of Object.keys(process.env)) {
	// The settings of the user's own n8n have no business here.
	if (/^(N8N|DB|EXECUTIONS)_/.test(name)) delete process.env[name];
}
Object.assign(process.env, {
	N8N_USER_FOLDER: temporaryFolder,
	N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
	N8N_LOG_LEVEL: 'silent',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
	N8N_BINARY_DATA_STORAGE_PATH: join(temporaryFolder, 'binary-data'),
	GENERIC_TIMEZONE: 'UTC',
});
