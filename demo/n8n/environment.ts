import { randomBytes } from 'node:crypto';

/**
 * The environment of an n8n that keeps to itself: everything it writes is below `userFolder`, it
 * listens on loopback only and calls nobody.
 */
export function n8nEnvironment(
	userFolder: string,
	encryptionKey: string,
	editorPort: number,
): NodeJS.ProcessEnv {
	const inherited = Object.fromEntries(
		// An N8N_ setting of the user's own instance, or npm's, has no business here.
		Object.entries(process.env).filter(
			([name]) => !/^(N8N_|DB_|npm_|NODE_OPTIONS$|VITEST)/i.test(name),
		),
	);
	return {
		...inherited,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: encryptionKey,
		N8N_PORT: String(editorPort),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		// No runner is started: our workflows have no Code nodes, and a runner is a process more.
		N8N_RUNNERS_MODE: 'external',
		N8N_RUNNERS_AUTH_TOKEN: randomBytes(16).toString('hex'),
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_DISABLED_MODULES: 'insights,mcp,chat-hub,instance-ai,agents',
		// `n8n execute` prints its result as a log line of this level.
		N8N_LOG_LEVEL: 'info',
		GENERIC_TIMEZONE: 'UTC',
	};
}
