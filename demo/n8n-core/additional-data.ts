import './environment';
import type { ExecutionLifecycleHooks } from 'n8n-core';
import type { IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type { CredentialsInMemory } from './credentials';

/** What n8n's engine asks the rest of n8n for, as far as nodes need it; the rest is missing. */
export function additionalData(
	credentialsHelper: CredentialsInMemory,
	hooks?: ExecutionLifecycleHooks,
): IWorkflowExecuteAdditionalData {
	const missing = (what: string) => () => Promise.reject(new Error(`There are no ${what} here`));
	// Nobody listens at this address; n8n only wants it not to be empty.
	const address = 'http://127.0.0.1:5678/';
	return {
		credentialsHelper,
		hooks,
		executionId: '1',
		currentNodeExecutionIndex: 0,
		restApiUrl: `${address}rest`,
		instanceBaseUrl: address,
		formBaseUrl: `${address}form`,
		formWaitingBaseUrl: `${address}form-waiting`,
		formTestBaseUrl: `${address}form-test`,
		webhookBaseUrl: `${address}webhook`,
		webhookWaitingBaseUrl: `${address}webhook-waiting`,
		webhookTestBaseUrl: `${address}webhook-test`,
		mcpBaseUrl: `${address}mcp`,
		mcpTestBaseUrl: `${address}mcp-test`,
		variables: {},
		externalSecretsProxy: {},
		setExecutionStatus: () => undefined,
		sendDataToUI: () => undefined,
		logAiEvent: () => undefined,
		executeWorkflow: missing('other workflows'),
		getRunExecutionData: () => Promise.resolve(undefined),
		getRuntimeCredential: () => Promise.resolve(undefined),
		startRunnerTask: missing('task runners'),
	} as unknown as IWorkflowExecuteAdditionalData;
}
