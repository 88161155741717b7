import type { ExtensionItem } from '../fetch-items';
import { nstring } from '../message/envelope';
import { mime } from '../message/parsed';
import { preview } from '../message/preview';

/** `PREVIEW`, and `PREVIEW (LAZY)`, which here is as good (RFC 8970 §3). */
export const previewItems: Record<string, ExtensionItem> = {
	PREVIEW: {
		needs: 'PREVIEW',
		read(reader) {
			// Nothing else: FETCH modifiers may follow in parentheses of their own.
			const lazy = /^ \(LAZY\)/i.test(reader.octets.subarray(reader.at).toString('latin1'));
			if (lazy) reader.at += ' (LAZY)'.length;
			return {
				name: 'PREVIEW',
				marks: false,
				value(message) {
					const text = preview(mime(message));
					const octets = text === undefined ? undefined : Buffer.from(text).toString('latin1');
					return [Buffer.from(nstring(octets), 'latin1')];
				},
			};
		},
	},
};
