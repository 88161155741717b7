/**
 * Values of fields, which an expression can turn into anything. What guards a change or narrows a
 * selection is never guessed: empty or undefined is an error, not "off" and not "any".
 */
import { UserError } from '../errors/user-error';

/** Whether an expression came out with nothing: undefined, null, NaN, blank text, an empty list or object. */
export function isEmptyValue(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	if (typeof value === 'number') return Number.isNaN(value);
	if (typeof value === 'string') return value.trim() === '';
	if (Array.isArray(value)) return value.length === 0;
	if (value instanceof Date) return Number.isNaN(value.getTime());
	return typeof value === 'object' && Object.keys(value).length === 0;
}

/** @throws UserError unless it is exactly true or false */
export function strictBoolean(value: unknown, label: string): boolean {
	if (typeof value === 'boolean') return value;
	throw new UserError(
		`The field "${label}" is neither true nor false but ${shown(value)}. Nothing was changed.`,
		'Turn it on or off. If it is an expression, check what it returns.',
	);
}

/**
 * Text that is sent to a server or decides what is done. What an expression returned instead of text is
 * never turned into text: no one means a mailbox or a flag called "undefined".
 * @param value text, or a number or switch that stands for its text
 * @param options.required whether spaces, or nothing, are an error as well
 * @throws UserError
 */
export function strictText(
	value: unknown,
	label: string,
	{ required = false }: { required?: boolean } = {},
): string {
	if (typeof value === 'string' && !(required && value.trim() === '')) return value;
	if (typeof value === 'boolean' || Number.isFinite(value)) return String(value);
	throw new UserError(
		isEmptyValue(value)
			? `The field "${label}" is empty`
			: `The field "${label}" must be text; it is ${shown(value)}`,
		'Enter text. If it is an expression, check what it returns.',
	);
}

/**
 * @param value a list of texts, as a field with several choices has it
 * @throws UserError unless it is one
 */
export function strictTexts(value: unknown, label: string): string[] {
	if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
		return value;
	}
	throw new UserError(
		`The field "${label}" must be a list of strings; it is ${shown(value)}`,
		'Select from the list. If it is an expression, check what it returns.',
	);
}

/**
 * A switch that is one of several options of a field.
 * @returns undefined where the option was not added
 * @throws UserError unless it is exactly true or false
 */
export function optionalSwitch(
	options: Readonly<Record<string, unknown>>,
	name: string,
	label: string,
): boolean | undefined {
	return name in options ? strictBoolean(options[name], label) : undefined;
}

/**
 * @param value a number, or text that is one
 * @throws UserError unless it is a whole number within the range
 */
export function strictWholeNumber(
	value: unknown,
	label: string,
	{ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number {
	const number =
		typeof value === 'string' && /^\s*\d+\s*$/.test(value)
			? Number(value)
			: typeof value === 'number'
				? value
				: NaN;
	if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
	const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
	throw new UserError(
		`The field "${label}" must be a whole number, ${range}; it is ${shown(value)}`,
		'Correct the number. If it is an expression, check what it returns.',
	);
}

/** @throws UserError unless it is one of the choices */
export function strictChoice<Choice extends string>(
	value: unknown,
	label: string,
	choices: readonly Choice[],
): Choice {
	const chosen = choices.find((choice) => choice === value);
	if (chosen !== undefined) return chosen;
	throw new UserError(
		`The field "${label}" is ${shown(value)}`,
		`Use one of these: ${choices.join(', ')}. If it is an expression, check what it returns.`,
	);
}

/**
 * Several of the choices, as a field with a list has them.
 * @throws UserError unless it is a list of nothing else
 */
export function strictChoices<Choice extends string>(
	value: unknown,
	label: string,
	choices: readonly Choice[],
): Choice[] {
	return strictTexts(value, label).map((one) => strictChoice(one, label, choices));
}

function shown(value: unknown): string {
	if (isEmptyValue(value)) return 'empty';
	// JSON has no Infinity.
	const json = typeof value === 'number' ? undefined : JSON.stringify(value);
	const text = typeof value === 'string' ? `"${value}"` : (json ?? String(value));
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
