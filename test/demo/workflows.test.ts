import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type INodeProperties } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialOf, withCredential, type Account } from '../../demo/account';
import { standIns } from '../../demo/n8n-core/stand-ins';
import {
	NodeTypeRegistry,
	outputOf,
	runWorkflow,
	type WorkflowFile,
	type WorkflowRun,
} from '../../demo/run-workflow';
import { reportLines } from '../../demo/report-lines';
import { seedDemoAccount, type DemoMailbox } from '../../demo/seed';
import { snapshotOf, type Snapshot } from '../../demo/snapshot';
import { verify } from '../../demo/verify';
import { readWorkflow, withoutDryRun, WORKFLOW_NAMES } from '../../demo/workflows';
import { Imap4Acl } from '../../nodes/Imap4Acl/Imap4Acl.node';
import { Imap4Annotation } from '../../nodes/Imap4Annotation/Imap4Annotation.node';
import { Imap4Flags } from '../../nodes/Imap4Flags/Imap4Flags.node';
import { Imap4Mailbox } from '../../nodes/Imap4Mailbox/Imap4Mailbox.node';
import { Imap4Message } from '../../nodes/Imap4Message/Imap4Message.node';
import { Imap4Namespace } from '../../nodes/Imap4Namespace/Imap4Namespace.node';
import { Imap4Quota } from '../../nodes/Imap4Quota/Imap4Quota.node';
import { Imap4MessageTrigger } from '../../nodes/Imap4MessageTrigger/Imap4MessageTrigger.node';
import { MemoryServer, type MemoryServerOptions } from '../server';

const nodeTypes = new NodeTypeRegistry({
	...standIns,
	'n8n-nodes-imap4.imap4Acl': new Imap4Acl(),
	'n8n-nodes-imap4.imap4Annotation': new Imap4Annotation(),
	'n8n-nodes-imap4.imap4Flags': new Imap4Flags(),
	'n8n-nodes-imap4.imap4Mailbox': new Imap4Mailbox(),
	'n8n-nodes-imap4.imap4Message': new Imap4Message(),
	'n8n-nodes-imap4.imap4Namespace': new Imap4Namespace(),
	'n8n-nodes-imap4.imap4Quota': new Imap4Quota(),
	'n8n-nodes-imap4.imap4MessageTrigger': new Imap4MessageTrigger(),
});

it('every file of workflows/ is checked here', () => {
	const files = readdirSync(join(__dirname, '../../workflows'));
	expect(files.sort()).toEqual(WORKFLOW_NAMES.map((name) => `${name}.json`));
});

/** From the left edge to the last node. */
const LONGEST = 2450;
const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const TRIGGERS = ['n8n-nodes-base.manualTrigger', 'n8n-nodes-imap4.imap4MessageTrigger'];
/** The field that n8n gives every trigger that polls. */
const POLL_TIMES = 'pollTimes';

describe.each(WORKFLOW_NAMES)('the workflow %s', (name) => {
	const workflow = readWorkflow(name);
	const own = workflow.nodes.filter(({ type }) => type.startsWith('n8n-nodes-imap4.'));

	it('has nothing of its author: no credentials, no data', () => {
		expect(own.length).toBeGreaterThan(0);
		expect(own.filter(({ credentials }) => credentials)).toEqual([]);
		expect(workflow).toMatchObject({ active: false, pinData: {} });
	});

	it('sets only fields that its nodes have, in the operation that is chosen', () => {
		for (const { type, parameters } of own) {
			const { properties } = nodeTypes.getByNameAndVersion(type).description;
			const shown = ({ displayOptions }: INodeProperties) =>
				(displayOptions?.show?.operation ?? [parameters.operation]).includes(
					parameters.operation as string,
				);
			const fields = new Set(properties.filter(shown).map((property) => property.name));
			if (type === TRIGGERS[1]) fields.add(POLL_TIMES);
			expect([...fields]).toEqual(expect.arrayContaining(Object.keys(parameters)));
			// n8n leaves out what a collection does not have, and says nothing.
			for (const { name, type: kind, options = [] } of properties.filter(shown)) {
				if (kind !== 'collection') continue;
				const set = Object.keys((parameters[name] ?? {}) as object);
				expect(options.map((option) => option.name)).toEqual(expect.arrayContaining(set));
			}
		}
	});

	it('connects nodes that are there', () => {
		const names = workflow.nodes.map((node) => node.name);
		const ends = Object.values(workflow.connections).flatMap((outputs) =>
			Object.values(outputs).flatMap((output) =>
				output.flatMap((to) => (to ?? []).map(({ node }) => node)),
			),
		);
		// A model is connected by its output only.
		const parts = Object.keys(workflow.connections).filter(
			(node) => workflow.connections[node]?.ai_languageModel,
		);
		expect(names).toEqual(expect.arrayContaining([...Object.keys(workflow.connections), ...ends]));
		const loose = workflow.nodes.filter(
			(node) =>
				node.type !== STICKY_NOTE &&
				!TRIGGERS.includes(node.type) &&
				![...ends, ...parts].includes(node.name),
		);
		expect(loose).toEqual([]);
	});

	it('names every node that its expressions read from', () => {
		const names = workflow.nodes.map((node) => node.name);
		const read = [...JSON.stringify(workflow.nodes).matchAll(/\$\('([^']+)'\)/g)];
		expect(names).toEqual(expect.arrayContaining(read.map(([, node]) => node)));
	});

	it('explains itself in a note at the left or, of a long chain, above; and lays its nodes out without overlap', () => {
		const note = workflow.nodes.find(({ type }) => type === STICKY_NOTE);
		const { content, width, height } = note?.parameters as {
			content: string;
			width: number;
			height: number;
		};
		expect(content).toMatch(/credential/);
		const others = workflow.nodes.filter((node) => node !== note);
		const [left = 0, top = 0] = note?.position ?? [];
		const covered = others.filter(({ position: [x, y] }) => x < left + width && y < top + height);
		expect(covered).toEqual([]);
		// Beside a long chain the note would make all of it too small to read, when n8n fits it into the window.
		const right = Math.max(...others.map(({ position: [x] }) => x));
		expect(right - left).toBeLessThanOrEqual(LONGEST);
		const cells = others.map(({ position: [x, y] }) => `${Math.round(x / 200)} ${y}`);
		expect(new Set(cells).size).toBe(cells.length);
	});
});

describe('run on a seeded account', () => {
	const now = new Date();
	const password = 'correct horse';
	let server: MemoryServer;
	let seed: DemoMailbox[];

	const start = async (options: MemoryServerOptions = {}) => {
		server = await MemoryServer.start(options);
		seed = await seedDemoAccount(server.addAccount('anna', password), now);
	};
	beforeEach(() => start());
	afterEach(() => server.stop());

	const account = (changes: Partial<Account> = {}): Account => ({
		host: server.host,
		port: server.port,
		security: 'none',
		user: 'anna',
		password,
		...changes,
	});
	const look = (): Promise<Snapshot> => snapshotOf(account());
	const run = (workflow: WorkflowFile, used = account()): Promise<WorkflowRun> => {
		const credential = credentialOf(used, 'test', 'Test');
		return runWorkflow({
			workflow: withCredential(workflow, credential),
			nodeTypes,
			credentials: [credential],
		});
	};

	it.each(WORKFLOW_NAMES)('%s destroys nothing as it is imported', (name) => {
		for (const { name: node, parameters } of readWorkflow(name).nodes) {
			const destroys =
				parameters.deleteMode === 'permanent' ||
				/^(?:empty|expunge)$/.test(String(parameters.operation)) ||
				(parameters.operation === 'delete' && parameters.resource === 'mailbox');
			// An expression takes it from the settings, which a person fills in.
			if (destroys) expect([node, parameters.dryRun]).toEqual([node, expect.anything()]);
		}
	});

	it('archive-by-year leaves the account as it should be, and a second run changes nothing', async () => {
		const before = await look();
		const first = await run(withoutDryRun(readWorkflow('archive-by-year')));
		expect(first).toMatchObject({ status: 'success' });
		const after = await look();
		expect(verify(seed, now, before, after)).toEqual([]);

		const second = await run(withoutDryRun(readWorkflow('archive-by-year')));
		expect(second.status).toBe('success');
		expect(second.nodes.map(({ node }) => node)).not.toContain('Move into Archive');
		expect(await look()).toEqual(after);
	});

	it('archive-by-year does the same on a server without MOVE', async () => {
		await server.stop();
		await start({ capabilities: { remove: ['MOVE'] } });
		const before = await look();
		const moved = await run(withoutDryRun(readWorkflow('archive-by-year')));
		expect(outputOf(moved, 'Move into Archive')[0]?.json.via).toBe('COPY+STORE+EXPUNGE');
		expect(verify(seed, now, before, await look())).toEqual([]);
	});

	it('archive-by-year deletes no junk when there is more than it expects', async () => {
		const workflow = withoutDryRun(readWorkflow('archive-by-year'));
		const purge = workflow.nodes.find(({ name }) => name === 'Delete Old Junk');
		if (purge) purge.parameters.stopIfMoreThan = 10;
		const before = await look();
		const stopped = await run(workflow);
		expect(stopped.status).toBe('error');
		expect(stopped.error?.message).toContain('Stop If More Than');
		const junk = (all: Snapshot) => all.find(({ name }) => name === 'Junk');
		expect(junk(await look())).toEqual(junk(before));
	});

	it('report reads, and sends no command that could change anything', async () => {
		const before = await look();
		const from = server.commands.length;
		const report = await run(readWorkflow('report'));
		expect(report.status).toBe('success');
		const sent = server.commands.slice(from).map(({ name }) => name.toUpperCase());
		expect(sent).toContain('EXAMINE');
		const harmless =
			/^(CAPABILITY|LOGIN|AUTHENTICATE|NOOP|LIST|STATUS|EXAMINE|UID SEARCH|UID FETCH|UNSELECT|LOGOUT)$/;
		expect(sent.filter((name) => !harmless.test(name))).toEqual([]);
		expect(await look()).toEqual(before);

		const outputs = (node: string) => outputOf(report, node).map(({ json }) => json);
		const lines = reportLines(outputs('Get Mailboxes'), outputs('Get Old Mail'));
		expect(lines.find((line) => line.startsWith('INBOX '))).toMatch(/^INBOX +265 +\d+$/);
		expect(lines.at(-1)).toMatch(/^\d+ messages of INBOX are older than a year \(\d\.\d MB, 20/);
	});

	it('a wrong password ends in an error that names the cause and not the password', async () => {
		const failed = await run(readWorkflow('report'), account({ password: 'incorrect horse' }));
		expect(failed.status).toBe('error');
		expect(failed.error?.message).toMatch(/login|authentication|password/i);
		expect(JSON.stringify(failed)).not.toContain('incorrect horse');
	});
});
