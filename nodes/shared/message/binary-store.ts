/** n8n's storage for binary data. */
import type { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

/** `helpers.prepareBinaryData`: takes the stream into n8n's binary storage. */
export type StoreBinary = (
	content: Readable,
	fileName: string,
	mimeType: string,
) => Promise<IBinaryData>;

export interface StoresBinary {
	helpers: Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>;
}

/** Streams into n8n's binary storage. */
export function binaryStore({ helpers }: StoresBinary): StoreBinary {
	return helpers.prepareBinaryData.bind(helpers);
}
