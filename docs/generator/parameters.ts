/**
 * The fields of an operation as a list, from the node's description. A table would have cells of a thousand
 * characters: a choice says what each of its options does.
 */
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	NodePropertyTypes,
} from 'n8n-workflow';
import { code, plain } from './markdown';
import type { DocumentedOperation } from './package-nodes';

/** A collection of more fields than this, in more than one operation, has a section of its own. */
const MOST_IN_PLACE = 8;

const TYPES: Partial<Record<NodePropertyTypes, string>> = {
	boolean: 'on or off',
	collection: 'collection',
	dateTime: 'date',
	fixedCollection: 'list',
	json: 'JSON',
	multiOptions: 'several choices',
	number: 'number',
	options: 'choice',
	resourceLocator: 'from a list, or by path',
	string: 'text',
};

/** The collections of a node that are too long to stand in each operation that has them. */
export class SharedCollections {
	private readonly counts = new Map<string, number>();

	constructor(operations: readonly DocumentedOperation[]) {
		for (const { properties } of operations) {
			for (const property of properties) {
				if (fieldsOf(property).length <= MOST_IN_PLACE) continue;
				const key = this.key(property);
				this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
			}
		}
	}

	/** The heading of its section, if it has one. */
	sectionOf(property: INodeProperties): string | undefined {
		return (this.counts.get(this.key(property)) ?? 0) > 1 ? property.displayName : undefined;
	}

	private key({ displayName, options }: INodeProperties): string {
		return JSON.stringify([displayName, options]);
	}
}

/** @returns '' if the operation has no fields */
export function parameterList(
	{ properties }: DocumentedOperation,
	shared: SharedCollections,
): string {
	return properties
		.filter((property) => !onlyForTools(property) && property.type !== 'notice')
		.flatMap((property) => linesOf(property, properties, shared, 0))
		.join('\n');
}

/** The section of a shared collection. */
export function collectionList(property: INodeProperties): string {
	const fields = fieldsOf(property);
	return fields.flatMap((field) => linesOf(field, fields, undefined, 0)).join('\n');
}

/** The field, and what it contains, one level deeper: its options, or the fields of a collection. */
function linesOf(
	property: INodeProperties,
	among: readonly INodeProperties[],
	shared: SharedCollections | undefined,
	depth: number,
): string[] {
	const section = shared?.sectionOf(property);
	const fields = section === undefined ? fieldsOf(property) : [];
	const standard = defaultOf(property, among);
	const facts = [
		typeOf(property),
		...(standard === '' ? [] : [`default ${standard}`]),
		...(property.required === true ? ['required'] : []),
	];
	const text = [
		...conditionsOf(property, among),
		...(property.description ? [sentence(property.description)] : []),
		...(section === undefined ? [] : [`See [${section}](#${section.toLowerCase()}).`]),
	].join(' ');
	const indent = '  '.repeat(depth);
	return [
		`${indent}- **${plain(property.displayName)}** (${facts.join(', ')})${text && `: ${text}`}`,
		...choicesOf(property).map((choice) => `${indent}  - ${choice}`),
		...fields.flatMap((field) => linesOf(field, fields, shared, depth + 1)),
	];
}

/** n8n's convention is to end only several sentences with a full stop. */
const sentence = (text: string): string => plain(/[.?!]$/.test(text) ? text : `${text}.`);

function typeOf({ type, typeOptions }: INodeProperties): string {
	const name = TYPES[type] ?? type;
	return type === 'string' && typeOptions?.multipleValues === true ? 'texts' : name;
}

function optionsOf({ type, options = [] }: INodeProperties): INodePropertyOptions[] {
	return type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];
}

function fieldsOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options as INodeProperties[];
	if (type !== 'fixedCollection') return [];
	return (options as INodePropertyCollection[]).flatMap(({ values }) => values);
}

function choicesOf(property: INodeProperties): string[] {
	return optionsOf(property).map(
		({ name, description }) => `_${plain(name)}_${description ? `: ${sentence(description)}` : ''}`,
	);
}

const nameOf = (property: INodeProperties | undefined, value: unknown): string =>
	(property && optionsOf(property).find((option) => option.value === value)?.name) ?? String(value);

function defaultOf(property: INodeProperties, among: readonly INodeProperties[]): string {
	const value = property.default;
	// An agent may get another default than people.
	const forTools = among.find((one) => one.name === property.name && onlyForTools(one));
	const shown = defaultText(property, value);
	if (forTools === undefined || property.displayOptions?.show?.['@tool'] === undefined)
		return shown;
	return `${shown}, for AI agents ${defaultText(forTools, forTools.default)}`;
}

function defaultText(property: INodeProperties, value: unknown): string {
	if (property.type === 'boolean') return value === true ? 'on' : 'off';
	if (property.type === 'resourceLocator') {
		const { value: chosen } = value as { value?: unknown };
		return typeof chosen === 'string' && chosen !== '' ? code(chosen) : '';
	}
	if (property.type === 'options') return `_${plain(nameOf(property, value))}_`;
	if (Array.isArray(value)) {
		return value.map((one) => `_${plain(nameOf(property, one))}_`).join(', ');
	}
	if (typeof value === 'object' && value !== null) return entered(property, value);
	return value === '' || value === undefined || value === null ? '' : code(String(value));
}

/** The default of a list that isn't empty. */
function entered(property: INodeProperties, value: object): string {
	const fields = fieldsOf(property);
	return Object.values(value as Record<string, unknown>)
		.flat()
		.map((one) =>
			Object.entries(one as Record<string, unknown>)
				.map(([name, given]) => {
					const field = fields.find((candidate) => candidate.name === name);
					return `${plain(field?.displayName ?? name)} ${code(String(given))}`;
				})
				.join(', '),
		)
		.join('; ');
}

function onlyForTools({ displayOptions }: INodeProperties): boolean {
	return (displayOptions?.show?.['@tool'] as unknown[] | undefined)?.includes(true) === true;
}

/** Under which settings of other fields it shows; the operation's choice goes without saying. */
function conditionsOf(
	{ displayOptions }: INodeProperties,
	among: readonly INodeProperties[],
): string[] {
	const told = ({ negated }: { negated: boolean }) => {
		const conditions = Object.entries(
			(negated ? displayOptions?.hide : displayOptions?.show) ?? {},
		);
		return conditions
			.filter(([name]) => among.some((one) => one.name === name))
			.map(([name, values]) => {
				const other = among.find((one) => one.name === name);
				const named = (values as unknown[]).map((value) =>
					other?.type === 'boolean' ? (value === true ? 'on' : 'off') : nameOf(other, value),
				);
				const list = named.map((one) => `_${plain(one)}_`).join(' or ');
				return `${plain(other?.displayName ?? name)} is ${negated ? 'not ' : ''}${list}`;
			});
	};
	const shown = [...told({ negated: false }), ...told({ negated: true })];
	return shown.length === 0 ? [] : [`If ${shown.join(' and ')}.`];
}
