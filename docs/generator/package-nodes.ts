/** The nodes and credentials that package.json announces, loaded from their sources, and what each can do. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type {
	ICredentialType,
	INodeProperties,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';

export const ROOT = join(__dirname, '../..');

/** What decides which fields a node shows, in the order in which a user chooses. */
const SWITCHES = ['resource', 'operation', 'event'] as const;

/** Fields in which every node is told how to log in. */
const LOGIN = ['authentication', 'actAsUser'];

export interface DocumentedOperation {
	/** e.g. `imap4Mailbox.mailbox.getMany`, or `imap4MessageTrigger.messageReceived` */
	key: string;
	name: string;
	description: string;
	/** As people see it; undefined where the node has none. */
	resource: string | undefined;
	/** What chooses it: the parameters resource and operation, or event. */
	choice: Record<string, string>;
	/** The fields that show for it, those of the login left out. */
	properties: INodeProperties[];
}

export interface DocumentedNode {
	type: INodeType;
	/** Name of its page, without extension. */
	page: string;
	operations: DocumentedOperation[];
}

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
export const PACKAGE_NAME = manifest.name;

/** @param built path of a file in dist/, as package.json has it */
async function load<Type>(built: string): Promise<Type> {
	const name = basename(built).replace(/\..*$/, '');
	const source = join(ROOT, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const module = (await import(source)) as Record<string, new () => Type>;
	const Class = module[name];
	if (Class === undefined) throw new Error(`${source} exports no ${name}`);
	return new Class();
}

/** In the order of package.json. @throws Error if one cannot be loaded */
export async function packageNodes(): Promise<DocumentedNode[]> {
	const types = await Promise.all(manifest.n8n.nodes.map((path) => load<INodeType>(path)));
	return types.map((type) => ({
		type,
		page: type.description.name
			.replace(/^imap4/, '')
			.replace(/(?<=[a-z])(?=[A-Z])/g, '-')
			.toLowerCase(),
		operations: operationsOf(type),
	}));
}

/** By name. @throws Error if one cannot be loaded */
export async function packageCredentials(): Promise<Record<string, ICredentialType>> {
	const types = await Promise.all(
		manifest.n8n.credentials.map((path) => load<ICredentialType>(path)),
	);
	return Object.fromEntries(types.map((type) => [type.name, type]));
}

function operationsOf({ description }: INodeType): DocumentedOperation[] {
	const { name, properties } = description;
	const choices = choicesOf(properties, {}, SWITCHES);
	return choices.map(({ choice, option, resource }) => ({
		key: [name, ...Object.values(choice)].join('.'),
		name: option.name,
		description: option.description ?? '',
		resource,
		choice,
		properties: properties.filter(
			(property) =>
				!LOGIN.includes(property.name) &&
				!(SWITCHES as readonly string[]).includes(property.name) &&
				shows(property, choice),
		),
	}));
}

interface Chosen {
	choice: Record<string, string>;
	option: INodePropertyOptions;
	resource: string | undefined;
}

function choicesOf(
	properties: readonly INodeProperties[],
	choice: Record<string, string>,
	[next, ...others]: readonly string[],
	option?: INodePropertyOptions,
	resource?: string,
): Chosen[] {
	if (next === undefined) return option ? [{ choice, option, resource }] : [];
	const found = properties.filter(({ name }) => name === next);
	// A node without it is asked for the next.
	if (found.length === 0) return choicesOf(properties, choice, others, option, resource);
	return found
		.filter((property) => shows(property, choice))
		.flatMap(({ options }) => (options ?? []) as INodePropertyOptions[])
		.flatMap((one) =>
			choicesOf(
				properties,
				{ ...choice, [next]: String(one.value) },
				others,
				one,
				next === 'resource' ? one.name : resource,
			),
		);
}

/** Whether a field can show at all where this is chosen. */
function shows({ displayOptions }: INodeProperties, choice: Record<string, string>): boolean {
	const { show = {}, hide = {} } = displayOptions ?? {};
	return Object.entries(choice).every(
		([name, value]) =>
			(show[name] === undefined || (show[name] as unknown[]).includes(value)) &&
			!(hide[name] as unknown[] | undefined)?.includes(value),
	);
}
