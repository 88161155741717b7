/** Every field of a node, and values that an expression can give it and that are not of its kind. */
import type { INodeParameters, INodeProperties, INodePropertyCollection } from 'n8n-workflow';

/** What is not of the kind of a field, by its type; what is not in a list is undefined too. */
const WRONG: Partial<Record<INodeProperties['type'], readonly unknown[]>> = {
	boolean: ['false', 'no', 0, 1, null, [], {}, ''],
	options: ['nonsense', 7, null, NaN, [], {}, ''],
	multiOptions: ['nonsense', ['nonsense'], [7], null, NaN, {}],
	number: ['x', -1, 1.5, NaN, null, [], {}, true, ''],
	string: [{ a: 1 }, null, NaN, {}],
	dateTime: ['tomorrow', 5, null, NaN, {}, ''],
};

export interface Field {
	/** Such as `filters.header.field.0.name`. */
	path: string;
	/** As the editor shows it, the collections around it first. */
	labels: readonly string[];
	/** What it must not be. */
	wrong: readonly unknown[];
	/** The choices in other fields under which it shows. */
	shownWith: INodeParameters;
	/** With `value` in it, and beside it what its row needs. */
	parameters(value: string): INodeParameters;
}

/** What the other fields of a row hold. */
const ROW: INodeParameters = {
	...{ name: 'X-Test', value: 'x', contentId: 'a@example.org', field: 'data' },
	...{ resource: 'STORAGE', limit: 9 },
};

type Wrap = (inner: INodeParameters) => INodeParameters;

/** @param wrap puts a field into the collections around it */
function* fieldsIn(
	properties: readonly INodeProperties[],
	way: Pick<Field, 'path' | 'labels' | 'shownWith'>,
	wrap: Wrap,
): Generator<Field> {
	for (const property of properties) {
		const { name, type, displayName, options = [], displayOptions } = property;
		const path = way.path === '' ? name : `${way.path}.${name}`;
		const labels = [...way.labels, displayName];
		const chosen = way.path === '' ? Object.entries(displayOptions?.show ?? {}) : [];
		const shownWith = {
			...way.shownWith,
			...Object.fromEntries(
				chosen
					.filter(([other]) => !/^@|\./.test(other))
					.map(([other, values]) => [other, values?.[0]]),
			),
		};
		const inside = { path, labels, shownWith };
		if (type === 'collection') {
			yield* fieldsIn(options as INodeProperties[], inside, (inner) => wrap({ [name]: inner }));
		} else if (type === 'fixedCollection') {
			for (const { name: row, values } of options as INodePropertyCollection[]) {
				yield* fieldsIn(values, inside, (inner) =>
					wrap({ [name]: { [row]: [{ ...ROW, ...inner }] } }),
				);
			}
		} else if (WRONG[type]) {
			const wrong = [...WRONG[type], undefined];
			yield { ...inside, wrong, parameters: (value) => wrap({ [name]: value }) };
		}
	}
}

/** Those that may be expressions. */
export function fieldsOf(properties: readonly INodeProperties[]): Field[] {
	const own = properties.filter(
		({ noDataExpression, type, displayOptions }) =>
			noDataExpression !== true &&
			type !== 'hidden' &&
			displayOptions?.show?.['@tool']?.[0] !== true,
	);
	return [...fieldsIn(own, { path: '', labels: [], shownWith: {} }, (inner) => inner)];
}
