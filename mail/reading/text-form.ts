/** The text of a message in the form that was asked for. */
import type { TextOptions } from './read-body';
import { limitLength } from './max-length';
import { newText } from './new-text';

export interface TextForm extends TextOptions {
	/** Whether to leave out quoted history and the signature. */
	onlyNew: boolean;
	/** Characters (UTF-16 units), the ellipsis included; undefined for no limit. */
	maxLength?: number;
}

/** @param text as a reader sees it */
export function inForm(
	text: string,
	{ onlyNew, maxLength }: Pick<TextForm, 'onlyNew' | 'maxLength'>,
): { text: string; isCut: boolean } {
	const own = onlyNew ? newText(text) : text;
	return maxLength === undefined ? { text: own, isCut: false } : limitLength(own, maxLength);
}
