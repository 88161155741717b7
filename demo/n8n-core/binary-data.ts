import './environment';
import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';

let ready: Promise<void> | undefined;

/** Once per process: binary data goes to files, as in a real n8n. */
export function binaryDataReady(): Promise<void> {
	ready ??= Container.get(BinaryDataService).init();
	return ready;
}
