/**
 * n8n's editor in a headless Chromium, used as a person uses it: by the tests, and for the pictures of
 * README and docs. Everything waits for what is to be seen, never for time to pass.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Locator, type Page } from 'playwright-core';
import type { N8nRest } from './rest';

/** The browser: at CHROMIUM, else where Debian and Ubuntu install it. */
const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';

const QUIET = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--no-first-run',
];

const DEADLINE_MS = 30_000;

const byTestId = (id: string) => `[data-test-id="${id}"]`;

/** Why the editor can't be looked at here; undefined where it can. */
export function missingBrowser(): string | undefined {
	if (existsSync(PROGRAM)) return undefined;
	return `there is no Chromium at ${PROGRAM} (the environment variable CHROMIUM names another place)`;
}

/** What the dialog of a credential says of its test. */
export interface CredentialVerdict {
	passed: boolean;
	/** All of the words, the details included. */
	text: string;
}

export class Editor {
	private constructor(
		private readonly address: string,
		private readonly browser: BrowserContext,
		private readonly profile: string,
		/** For what only one test or picture needs. */
		readonly page: Page,
	) {}

	/**
	 * Starts the browser as the one who is logged in at `rest`: n8n refuses the sixth login of one person within
	 * a minute.
	 *
	 * @param viewport pixels
	 * @throws {Error} when there is no browser, see {@link missingBrowser}
	 */
	static async open(
		{ address, session }: N8nRest,
		viewport = { width: 1280, height: 760 },
	): Promise<Editor> {
		const profile = mkdtempSync(join(tmpdir(), 'n8n-nodes-imap4-chromium-'));
		let browser: BrowserContext | undefined;
		try {
			browser = await chromium.launchPersistentContext(profile, {
				executablePath: PROGRAM,
				args: QUIET,
				viewport,
			});
			browser.setDefaultTimeout(DEADLINE_MS);
			await browser.setExtraHTTPHeaders({ 'browser-id': session.browserId });
			await browser.addCookies([{ ...session.cookie, url: address }]);
			const page = await browser.newPage();
			await page.addInitScript(
				(id) => localStorage.setItem('n8n-browserId', id),
				session.browserId,
			);
			return new Editor(address, browser, profile, page);
		} catch (error) {
			await browser?.close();
			rmSync(profile, { recursive: true, force: true });
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.browser.close();
		rmSync(this.profile, { recursive: true, force: true });
	}

	/**
	 * Opens the dialog of a new credential.
	 *
	 * @param type as people see it, e.g. `IMAP4 SSL/TLS API`
	 */
	async newCredential(type: string): Promise<CredentialDialog> {
		const { page } = this;
		await page.goto(`${this.address}/home/credentials/create`);
		await page.locator(`${byTestId('new-credential-type-select')} input`).fill(type);
		await page
			.locator(byTestId('new-credential-type-select-option'))
			.getByText(type, { exact: true })
			.click();
		await page.locator(byTestId('new-credential-type-button')).click();
		const dialog = page.locator(byTestId('editCredential-modal'));
		await dialog.locator(byTestId('credential-save-button')).waitFor();
		return new CredentialDialog(dialog);
	}

	/** Opens the list of nodes on an empty canvas. */
	async openNodeList(): Promise<NodeList> {
		const { page } = this;
		await page.goto(`${this.address}/workflow/new`);
		await page.locator(byTestId('canvas-add-button')).click();
		const list = page.locator(byTestId('node-creator'));
		await list.locator(byTestId('node-creator-search-bar')).waitFor();
		return new NodeList(list);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.address}/workflow/${id}`);
		await this.page.locator(byTestId('canvas-node')).first().waitFor();
	}

	/** Executes the workflow that is open, to its end. @throws if it does not succeed */
	async executeWorkflow(): Promise<void> {
		await this.page.locator(byTestId('execute-workflow-button')).first().click();
		await this.page.getByText('Workflow executed successfully').first().waitFor();
	}

	/** Brings all of the workflow into view, and waits until it stands still. */
	async showWholeWorkflow(): Promise<void> {
		await this.page.locator(byTestId('zoom-to-fit')).click();
		// A trial waits as long as the node moves.
		await this.page.locator(byTestId('canvas-node')).first().hover({ trial: true });
	}

	/** Opens a node of the workflow by its name. */
	async openNode(name: string): Promise<NodePanel> {
		const { page } = this;
		await page
			.locator(byTestId('canvas-node'))
			.filter({ has: page.getByText(name, { exact: true }) })
			.dblclick();
		const panel = page.locator(byTestId('ndv'));
		await panel.locator(byTestId('node-parameters')).waitFor();
		return new NodePanel(page, panel);
	}
}

/** Finds nothing, so that what is listed next is new. */
const NO_NODE = 'zzzzzzzz';

/** The list from which nodes are added. */
export class NodeList {
	constructor(readonly locator: Locator) {}

	/** @returns the names of the nodes that the words find, best first; at least one must be found */
	async search(words: string): Promise<string[]> {
		const names = this.locator.locator(byTestId('node-creator-item-name'));
		const field = this.locator.locator(byTestId('node-creator-search-bar'));
		await field.fill(NO_NODE);
		await names.first().waitFor({ state: 'detached' });
		await field.fill(words);
		await names.first().waitFor();
		return (await names.allInnerTexts()).map((name) => name.trim());
	}

	/** Opens what a node can do. @returns everything that is shown of it */
	async open(name: string): Promise<string> {
		await this.locator
			.locator(byTestId('node-creator-item-name'))
			.getByText(name, { exact: true })
			.click();
		const actions = this.locator.getByText(/^Actions \(\d+\)$/);
		await actions.click();
		await this.locator.getByText(/^Message Actions$/i).waitFor();
		return this.locator.innerText();
	}
}

/** The dialog in which a credential is edited. */
export class CredentialDialog {
	constructor(readonly locator: Locator) {}

	/** @param fields by name, as the credential type has them */
	async fill(fields: Readonly<Record<string, string | number>>): Promise<void> {
		for (const [name, value] of Object.entries(fields)) {
			const field = this.locator.locator(byTestId(`parameter-input-${name}`));
			await field.locator('input, textarea').first().fill(String(value));
		}
	}

	/** @param name of a switch */
	async turnOn(name: string): Promise<void> {
		await this.locator
			.locator(byTestId(`parameter-input-${name}`))
			.locator('.el-switch')
			.click();
	}

	/** Saves the credential, which n8n tests thereupon. */
	async save(): Promise<CredentialVerdict> {
		const success = this.locator.locator(byTestId('credentials-config-container-test-success'));
		const failure = this.locator.getByText(/connect with these settings/);
		const answered = this.locator
			.page()
			.waitForResponse((response) => response.url().endsWith('/rest/credentials/test'));
		await this.locator.locator(byTestId('credential-save-button')).click();
		await answered;
		await success.or(failure).first().waitFor();
		if (await success.isVisible()) {
			return { passed: true, text: await this.locator.innerText() };
		}
		const more = this.locator.getByText('More details');
		if (await more.isVisible()) await more.click();
		return { passed: false, text: await this.locator.innerText() };
	}
}

/** What an open node shows: its parameters, and what it put out. */
export class NodePanel {
	constructor(
		private readonly page: Page,
		readonly locator: Locator,
	) {}

	/** The names of the parameters that are shown, from top to bottom, those of the settings left out. */
	async fields(): Promise<string[]> {
		const fields = this.locator.locator(
			`${byTestId('node-parameters')} [data-test-id^="parameter-input-"]`,
		);
		const ids = await fields.evaluateAll((all) =>
			all.map((one) => one.getAttribute('data-test-id') ?? ''),
		);
		return ids.map((id) => id.replace('parameter-input-', ''));
	}

	/** The field of this name. */
	field(name: string): Locator {
		return this.locator.locator(byTestId(`parameter-input-${name}`)).first();
	}

	/** What a field offers, from top to bottom; it is left open. */
	async offered(opens: Locator): Promise<string[]> {
		await opens.click();
		const offered = this.page.locator(
			'.el-select-dropdown__item:visible, [role="option"]:visible, [role="menuitem"]:visible',
		);
		await offered.filter({ hasText: /\S/ }).first().waitFor();
		const texts = await offered.allInnerTexts();
		return texts.map((text) => text.trim().split('\n')[0] ?? '').filter((text) => text !== '');
	}

	/** Opens the list of fields of the collection at this place. */
	addTo(at = 0): Locator {
		return this.locator.locator(byTestId('collection-parameter-add')).nth(at);
	}

	/** Chooses from what is open. */
	async choose(option: string): Promise<void> {
		await this.page
			.locator(
				'.el-select-dropdown__item:visible, [role="option"]:visible, [role="menuitem"]:visible',
			)
			.getByText(option, { exact: true })
			.first()
			.click();
	}

	/** Chooses the credential of this name. */
	async chooseCredential(name: string): Promise<void> {
		await this.locator.locator(byTestId('node-credentials-select')).click();
		await this.page
			.locator('[data-test-id^="node-credentials-select-item-"]:visible')
			.filter({ hasText: name })
			.click();
	}

	/** Chooses how a mailbox is named. */
	async chooseMailboxMode(mode: 'list' | 'path' | 'role'): Promise<void> {
		await this.locator.locator(byTestId('rlc-mode-selector')).first().click();
		await this.page.locator(`${byTestId(`mode-${mode}`)}:visible`).click();
	}

	/** Enters the path of a mailbox. */
	async fillMailbox(path: string): Promise<void> {
		const field = this.locator.locator(byTestId('rlc-input')).first();
		await field.locator('input').or(field).last().fill(path);
	}

	/** Opens the list of a mailbox field. */
	async openMailboxList(): Promise<void> {
		await this.locator.locator(byTestId('rlc-input')).first().click();
		await this.mailboxes.first().waitFor();
	}

	/**
	 * Types into the search of the open list, and waits for what the server found. n8n may keep the
	 * mailbox that is chosen already among it.
	 */
	async searchMailboxes(text: string): Promise<void> {
		const answered = this.page.waitForResponse((response) => {
			const sent = response.request().postData() ?? '';
			return sent.includes('"searchMailboxes"') && sent.includes(JSON.stringify(text));
		});
		await this.page.locator(`${byTestId('rlc-search')}:visible`).fill(text);
		await answered;
		await this.mailboxes.filter({ hasNotText: text }).nth(1).waitFor({ state: 'detached' });
		await this.mailboxes.filter({ hasText: text }).first().waitFor();
	}

	/** What the open list offers. */
	get mailboxes(): Locator {
		return this.page.locator(`${byTestId('rlc-item')}:visible`);
	}

	/** Runs the node, and those before it, and shows its output as a table. @throws if it does not succeed */
	async execute(): Promise<void> {
		await this.locator.locator(byTestId('node-execute-button')).click();
		await this.locator.locator(byTestId('node-run-status-success')).waitFor();
		await this.output.locator(byTestId('radio-button-table')).click();
		await this.output.locator('tbody tr').first().waitFor();
	}

	/** Runs the node, which is to fail. @returns what it shows in place of its output */
	async executeAndFail(): Promise<string> {
		await this.locator.locator(byTestId('node-execute-button')).click();
		const error = this.output.locator(byTestId('node-error-message'));
		await error.waitFor();
		return this.output.innerText();
	}

	get output(): Locator {
		return this.locator.locator(byTestId('output-panel'));
	}
}
