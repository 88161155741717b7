import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';

/** The bytes of a file that a node returned. @param field the binary field that holds it */
export function bytesOf(item: INodeExecutionData | undefined, field = 'data'): Promise<Buffer> {
	const data = item?.binary?.[field];
	if (!data) throw new Error(`There is no binary field "${field}"`);
	return Container.get(BinaryDataService).getAsBuffer(data);
}
