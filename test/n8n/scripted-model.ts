/** A model that says what a test wrote for it, over OpenAI's Chat Completions API, on loopback. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an agent sends of its tools. */
export interface ToolSchema {
	name: string;
	description: string;
	parameters: { properties?: Record<string, object>; required?: string[] };
}

export interface ModelRequest {
	messages: Array<{ role: string; content: unknown; tool_call_id?: string }>;
	tools?: Array<{ type: 'function'; function: ToolSchema }>;
	stream?: boolean;
}

/** A tool to call, or the last word. */
export type Step = { call: string; arguments: object } | { say: string };

/** @param results of the tools that were called so far, as the model gets them, in order */
export type Script = (results: readonly string[]) => Step;

export class ScriptedModel {
	readonly requests: ModelRequest[] = [];
	private script: Script = () => ({ say: 'Nothing is scripted' });

	private constructor(private readonly server: Server) {}

	static async start(): Promise<ScriptedModel> {
		const server = createServer();
		const model = new ScriptedModel(server);
		server.on('request', (request, response) => {
			let body = '';
			request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
			request.on('end', () => {
				const answer = JSON.stringify(
					request.url?.endsWith('/chat/completions') ? model.complete(body) : { data: [] },
				);
				response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return model;
	}

	/** For n8n's credential "OpenAI". */
	get url(): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
	}

	follow(script: Script): void {
		this.script = script;
		this.requests.length = 0;
	}

	/** The tools by their names, as the agent describes them. */
	get tools(): Map<string, ToolSchema> {
		const tools = this.requests[0]?.tools ?? [];
		return new Map(tools.map(({ function: tool }) => [tool.name, tool]));
	}

	/** What came of each call of a tool, in order. */
	get results(): string[] {
		return resultsIn(this.requests.at(-1));
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}

	private complete(body: string): object {
		const request = JSON.parse(body) as ModelRequest;
		if (request.stream) throw new Error('The scripted model does not stream');
		this.requests.push(request);
		const count = this.requests.length;
		const step = this.script(resultsIn(request));
		const message =
			'say' in step
				? { role: 'assistant', content: step.say }
				: {
						role: 'assistant',
						content: null,
						tool_calls: [
							{
								id: `call_${count}`,
								type: 'function',
								function: { name: step.call, arguments: JSON.stringify(step.arguments) },
							},
						],
					};
		return {
			id: `completion-${count}`,
			object: 'chat.completion',
			created: 0,
			model: 'scripted',
			choices: [{ index: 0, message, finish_reason: 'say' in step ? 'stop' : 'tool_calls' }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		};
	}
}

const resultsIn = (request: ModelRequest | undefined): string[] =>
	(request?.messages ?? [])
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
