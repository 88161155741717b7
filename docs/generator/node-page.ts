/** The page of one node. */
import type { INodeExecutionData, INodeParameters, INodeProperties } from 'n8n-workflow';
import type { Entries, Entry, Mistake } from './entries/entry';
import type { Advice } from './error-advice';
import { anchorOf, code, plain, table } from './markdown';
import { outputExample } from './output';
import type { DocumentedNode, DocumentedOperation } from './package-nodes';
import { collectionList, parameterList, SharedCollections } from './parameters';
import type { ExampleRunner, Outcome } from './run-example';

export interface PageSources {
	entries: Entries;
	advice: readonly Advice[];
	runner: ExampleRunner;
	/** Gets what each example returned. */
	returned?(operation: DocumentedOperation, items: readonly INodeExecutionData[]): void;
}

/**
 * @throws Error when an operation has no entry, or an entry is wrong: its example fails, or does not
 * need what it says it needs
 */
export async function nodePage(node: DocumentedNode, sources: PageSources): Promise<string> {
	const { displayName, description } = node.type.description;
	const shared = new SharedCollections(node.operations);
	const sections: string[] = [];
	for (const operation of node.operations) {
		const entry = sources.entries[operation.key];
		if (entry === undefined) {
			throw new Error(`${operation.key} has no entry in docs/generator/entries/: write one`);
		}
		sections.push(await operationSection(node, operation, entry, shared, sources));
	}
	const isTrigger = node.type.description.polling === true;
	const kind = isTrigger ? 'Event' : 'Operation';
	return [
		'<!-- Made by `npm run docs`: change the descriptions in nodes/ or docs/generator/entries/ instead. -->',
		`# ${displayName}`,
		`${plain(description ?? '')}.`,
		table(
			[kind, 'What it does'],
			node.operations.map((operation) => [
				`[${headingOf(node, operation)}](#${anchorOf(headingOf(node, operation))})`,
				plain(operation.description),
			]),
		),
		'Every field takes expressions, unless it chooses what the node does. See [Accounts](../accounts.md) for credentials, and [Errors](errors.md) for what errors mean.',
		...sections,
		...sharedSections(node, shared),
	].join('\n\n');
}

/** Nodes of several resources name them. */
function headingOf(node: DocumentedNode, { resource, name }: DocumentedOperation): string {
	const resources = new Set(node.operations.map((operation) => operation.resource));
	return resources.size > 1 ? `${resource}: ${name}` : name;
}

function sharedSections(node: DocumentedNode, shared: SharedCollections): string[] {
	const found = new Map<string, INodeProperties>();
	for (const property of node.operations.flatMap(({ properties }) => properties)) {
		const section = shared.sectionOf(property);
		if (section !== undefined) found.set(section, property);
	}
	return [...found].flatMap(([section, property]) => [
		`## ${section}`,
		...(property.description ? [`${plain(property.description)}.`] : []),
		collectionList(property),
	]);
}

async function operationSection(
	node: DocumentedNode,
	operation: DocumentedOperation,
	entry: Entry,
	shared: SharedCollections,
	{ advice, runner, returned }: PageSources,
): Promise<string> {
	const run = async ({ parameters, items }: Partial<Mistake>, without: readonly string[] = []) => {
		const all = { ...operation.choice, ...parameters };
		try {
			const { offers = [] } = entry;
			return await runner.run({ type: node.type, parameters: all, items, without, offers });
		} catch (error) {
			throw new Error(`${operation.key} cannot be run with ${JSON.stringify(all)}`, {
				cause: error,
			});
		}
	};
	const { example } = entry;
	const outcome = await run(example);
	if (outcome.failed) throw failure(operation, 'its example', outcome);
	returned?.(operation, outcome.items);
	return [
		`## ${headingOf(node, operation)}`,
		`${plain(operation.description)}.`,
		...(entry.notes ?? []),
		'### Parameters',
		parameterList(operation, shared) || 'It has no parameters.',
		'### Example',
		example.says,
		...given(example.parameters, example.items),
		outputExample(outcome.items),
		...(await capabilities(operation, entry, outcome, (without) => run(example, without))),
		...(await errors(operation, entry, advice, (mistake) => run({ ...example, ...mistake }))),
	]
		.join('\n\n')
		.replaceAll(/^### (.*)$/gm, (_line, title: string) => `**${title}**`);
}

const failure = (operation: DocumentedOperation, what: string, { message, advice }: Told): Error =>
	new Error(`${operation.key}: ${what} fails: ${message} ${advice}`);

type Told = Outcome & { failed: true };

/** What the example puts into the fields, and what comes in. */
function given(parameters: INodeParameters = {}, items: readonly object[] = []): string[] {
	const block = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, '\t')}\n\`\`\``;
	return [
		...(items.length === 0 ? [] : ['Input:', block(items.length === 1 ? items[0] : items)]),
		...(Object.keys(parameters).length === 0 ? [] : ['Parameters:', block(readable(parameters))]),
	];
}

/** A mailbox by its path alone. */
function readable(parameters: INodeParameters): unknown {
	return Object.fromEntries(
		Object.entries(parameters).map(([name, value]) => [
			name,
			typeof value === 'object' && value !== null && '__rl' in value ? value.value : value,
		]),
	);
}

async function capabilities(
	operation: DocumentedOperation,
	{ needs = [], uses = {} }: Entry,
	usual: Outcome & { failed: false },
	runWithout: (capabilities: readonly string[]) => Promise<Outcome>,
): Promise<string[]> {
	const told: string[] = [];
	if (needs.length > 0) {
		const outcome = await runWithout(needs);
		if (!outcome.failed) throw new Error(`${operation.key} does not need ${needs.join(' or ')}`);
		const one = needs.map(code).join(' or ');
		told.push(`The server must support ${one}. Without it, the node fails with:`, quoted(outcome));
	}
	for (const [capability, otherwise] of Object.entries(uses)) {
		const outcome = await runWithout([capability]);
		if (outcome.failed) throw failure(operation, `without ${capability} its example`, outcome);
		const via = outcome.items[0]?.json.via;
		const isOther = typeof via === 'string' && via !== usual.items[0]?.json.via;
		const way = isOther ? ` (\`"via": ${JSON.stringify(via)}\`)` : '';
		told.push(
			`It uses ${code(capability)} where the server offers it. Without it, ${otherwise}${way}.`,
		);
	}
	if (told.length === 0) told.push('It requires no server extension.');
	return ['### Capabilities', ...told];
}

const quoted = ({ message, advice }: Told): string =>
	`> ${plain(message)}${advice ? `<br>${plain(advice)}` : ''}`;

async function errors(
	operation: DocumentedOperation,
	{ errors: codes, mistakes = [] }: Entry,
	advice: readonly Advice[],
	runWith: (mistake: Mistake) => Promise<Outcome>,
): Promise<string[]> {
	const rows = codes.map((wanted) => {
		const found = advice.find((one) => one.code === wanted);
		if (found === undefined) {
			throw new Error(`${operation.key}: nodes/shared/errors/node-errors.ts knows no ${wanted}`);
		}
		return [code(wanted), plain(found.advice)];
	});
	const made: string[] = [];
	for (const mistake of mistakes) {
		const outcome = await runWith(mistake);
		if (!outcome.failed) throw new Error(`${operation.key}: "${mistake.when}" is no mistake`);
		made.push(`${mistake.when}:`, quoted(outcome));
	}
	return [
		...(rows.length + made.length === 0 ? [] : ['### Errors']),
		...(rows.length === 0 ? [] : [table(['Error', 'What to try'], rows)]),
		...made,
	];
}
