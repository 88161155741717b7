/** Every text field of every operation of every node, given what would end a command. */
import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
} from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { fileName } from '../../mail/file-name';
import { operations, type OperationCase } from '../nodes/operations';
import { box, mail, NODES, RESOURCES, runToEnd, startServer, USER } from '../nodes/run-node';
import type { MemoryServer } from '../server';
import { PAYLOADS } from './payloads';

/** Those that end strings, lines or lists; the rest is proven on the engine's arguments. */
const TEXTS = [
	'CRLF and a command',
	'a quote, CRLF and a command',
	'{5} and a literal',
	'{5+} and a literal',
	'brackets and a command',
	'NUL',
	'U+560A, whose last octet is LF',
].map((name): [string, string] => [name, (PAYLOADS[name] as string).replace('INBOX', 'Victim')]);

type Place = [label: string, put: (text: string) => INodeParameters];

function isShown(
	{ displayOptions }: INodeProperties,
	resource: string,
	operation: string,
): boolean {
	const { show = {}, hide = {} } = displayOptions ?? {};
	const fits = (values: unknown, value: string): boolean =>
		values === undefined || (values as unknown[]).includes(value);
	return (
		fits(show.resource, resource) &&
		fits(show.operation, operation) &&
		!(hide.operation && fits(hide.operation, operation))
	);
}

/** Where a text can be put in. */
function places(properties: readonly INodeProperties[]): Place[] {
	return properties.flatMap((property): Place[] => {
		const { name, type, options = [] } = property;
		if (type === 'string') return [[name, (text) => ({ [name]: text })]];
		if (type === 'resourceLocator') return [[name, (text) => ({ [name]: box(text) })]];
		if (type === 'collection') {
			return places(options as INodeProperties[]).map(([label, put]) => [
				`${name}.${label}`,
				(text) => ({ [name]: put(text) }),
			]);
		}
		if (type === 'fixedCollection') {
			return (options as INodePropertyCollection[]).flatMap((group) =>
				places(group.values).map(([label, put]): Place => [
					`${name}.${group.name}.${label}`,
					(text) => ({
						[name]: {
							[group.name]: property.typeOptions?.multipleValues ? [put(text)] : put(text),
						},
					}),
				]),
			);
		}
		return [];
	});
}

async function seeded(): Promise<MemoryServer> {
	const server = await startServer({ quotaBytes: 1024 ** 2, isAdministrator: () => true });
	const account = server.account(USER);
	for (const name of ['One', 'Target', 'Victim']) {
		const mailbox = account.create(name);
		mailbox.append(mail(`in ${name}`), { flags: ['\\Flagged'] });
		mailbox.append(mail('to go'), { flags: ['\\Deleted'] });
	}
	return server;
}

const named = operations.map((one): [string, OperationCase] => [
	`${one.node} ${one.resource ?? RESOURCES[one.node]}: ${one.operation}`,
	one,
]);

describe.each(named)('%s', (_name, one) => {
	const { node, operation, parameters = {} } = one;
	const resource = one.resource ?? RESOURCES[node];
	const shown = NODES[node].description.properties.filter((property) =>
		isShown(property, resource, operation),
	);
	const all = [
		...places(shown.filter(({ name }) => !['authentication'].includes(name))),
		...['box', 'mailbox', 'uid', 'uidValidity'].map((field): Place => [
			`the item’s ${field}`,
			(text) => ({ '': { [field]: text } }),
		]),
	];

	test('each of its fields', async () => {
		const server = await seeded();
		for (const [place, put] of all) {
			for (const [what, text] of TEXTS) {
				const { '': ofItem, ...given } = put(text) as INodeParameters & { '': IDataObject };
				const { uidValidity } = server.account(USER).mailbox('Victim');
				const item = { box: 'One', mailbox: 'One', uidValidity, uid: 1, ...ofItem };
				server.commands.length = 0;
				await runToEnd({
					node,
					operation,
					parameters: { ...parameters, resource, ...given },
					items: [item],
					server,
				});
				for (const { tag, name, line } of server.commands) {
					const told = `${place}, ${what}: ${line.slice(0, 200)}`;
					expect(tag, told).toMatch(/^[A-P]{4}\d+$/);
					expect(name, told).not.toMatch(/X9|HELLO/i);
					if (operation !== 'delete' || node !== 'imap4Mailbox')
						expect(name, told).not.toBe('DELETE');
					expect(line, told).not.toMatch(/[\0\r\n]/);
				}
				// It throws where there is none.
				server.account(USER).mailbox('Victim');
			}
		}
	}, 60_000);
});

describe('what one message says, used for another command', () => {
	const HOSTILE = 'x"\r\nX9 DELETE Victim\r\n) {5}';

	test.each(['subject', 'from', 'to', 'messageId', 'body', 'text'])(
		'%s in a search',
		async (field) => {
			const server = await seeded();
			await runToEnd({
				node: 'imap4Message',
				operation: 'getMany',
				parameters: { mailbox: box('One'), filters: { [field]: '={{ $json.said }}' } },
				items: [{ said: HOSTILE }],
				server,
			});
			for (const { tag } of server.commands) expect(tag).toMatch(/^[A-P]{4}\d+$/);
			server.account(USER).mailbox('Victim');
		},
	);

	test.each([
		['../../etc/passwd', 'passwd'],
		['..\\..\\windows\\system32\\evil.exe', 'evil.exe'],
		['/etc/passwd', 'passwd'],
		['C:\\evil.exe', 'evil.exe'],
		['a\0b.txt', 'ab.txt'],
		['a\r\nSet-Cookie: x.txt', 'aSet-Cookie_ x.txt'],
		['..', 'part-1.pdf'],
		['.', 'part-1.pdf'],
		['', 'part-1.pdf'],
		['dir/', 'part-1.pdf'],
		['=?utf-8?Q?=2E=2E=2Fevil.sh?=', 'evil.sh'],
		['invoice\u202efdp.exe', undefined],
		['x'.repeat(1_000_000), undefined],
		['=?utf-8?Q?'.repeat(50_000), undefined],
	])('the file name %j of an attachment leads nowhere', (name, expected) => {
		const given = fileName({
			part: '1',
			type: 'application',
			subtype: 'pdf',
			parameters: {},
			disposition: { type: 'attachment', parameters: { filename: name } },
		});
		if (expected !== undefined) expect(given).toBe(expected);
		expect(given).not.toMatch(/[/\\\p{Cc}]|^\.{0,2}$/u);
		// What turns the order of letters round makes "exe" look like "pdf".
		expect(given).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
		expect(given.length).toBeLessThanOrEqual(255);
	});
});
