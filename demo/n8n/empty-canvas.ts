/**
 * Builds a workflow from an empty canvas as a person does: by what the editor shows, and no more. It counts the
 * clicks that are not about a field.
 */
import type { Locator, Page } from 'playwright-core';

const TYPED_MS = 1000;

const byTestId = (id: string) => `[data-test-id="${id}"]`;

export class EmptyCanvas {
	/** Clicks so far, those on the fields of a node left out. */
	clicks = 0;
	private steps = 0;

	private constructor(readonly page: Page) {}

	static async open(page: Page, address: string): Promise<EmptyCanvas> {
		await page.goto(`${address}/workflow/new`);
		await page.locator(byTestId('canvas-add-button')).waitFor();
		return new EmptyCanvas(page);
	}

	private async click(target: Locator): Promise<void> {
		this.clicks++;
		await target.click();
	}

	/**
	 * Adds a step by one search, and opens it.
	 * @param search what a person types
	 * @param node the first node that is found must have this name
	 * @param action one of its actions; without one the node is added as it is
	 */
	async add(search: string, node: string, action?: string): Promise<void> {
		const { page } = this;
		if (this.steps === 0) await this.click(page.locator(byTestId('canvas-add-button')));
		else await this.click(page.locator(byTestId('canvas-handle-plus')).last());
		const creator = page.locator(byTestId('node-creator'));
		await creator.locator(byTestId('node-creator-search-bar')).fill(search);
		const found = creator.locator(byTestId('node-creator-item-name'));
		await found.filter({ hasText: node }).first().waitFor();
		const first = (await found.first().innerText()).trim();
		if (first !== node) throw new Error(`"${search}" finds ${first} first, not ${node}`);
		await this.click(found.first());
		if (action !== undefined) {
			// Of a node that is a trigger too, the triggers are open and the actions closed.
			const actions = creator.getByText(/^Actions \(\d+\)$/);
			const wanted = creator.getByText(action, { exact: true });
			await actions.or(wanted).first().waitFor();
			if (!(await wanted.isVisible())) await this.click(actions);
			await this.click(wanted);
		}
		await page.locator(byTestId('ndv')).waitFor();
		this.steps++;
	}

	/** Goes back to the canvas by Escape, from a button: some fields keep the key for themselves. */
	async close(): Promise<void> {
		const panel = this.page.locator(byTestId('ndv'));
		const button = panel.locator('button:visible').first();
		await button.press('Escape');
		await panel.waitFor({ state: 'detached' });
	}

	private field(name: string): Locator {
		return this.page.locator(byTestId(`parameter-input-${name}`)).first();
	}

	/** Chooses one of what a field offers. */
	async choose(name: string, option: string): Promise<void> {
		await this.field(name).click();
		await this.page
			.locator('.el-select-dropdown__item:visible, [role="option"]:visible')
			.getByText(option, { exact: true })
			.first()
			.click();
	}

	async fill(name: string, text: string): Promise<void> {
		await this.field(name).locator('input, textarea').first().fill(text);
	}

	/** Turns a switch on or off. */
	async toggle(name: string): Promise<void> {
		await this.field(name).locator('.el-switch, [role="switch"]').first().click();
	}

	/** Switches a field to an expression and writes it. */
	async express(name: string, expression: string): Promise<void> {
		await this.field(name).hover();
		await this.page
			.locator(byTestId(`${name}-parameter-input-options-container`))
			.locator(byTestId('radio-button-expression'))
			.click({ force: true });
		const editor = this.field(name).locator('.cm-content');
		await editor.click();
		await this.page.keyboard.press('ControlOrMeta+a');
		await this.page.keyboard.insertText(expression);
		// n8n takes over what is typed when nothing more was for a moment.
		await this.page.waitForTimeout(TYPED_MS);
	}

	/** Adds a field to a collection. @param at which of the collections that the node shows */
	async addField(field: string, at = 0): Promise<void> {
		await this.page.locator(byTestId('collection-parameter-add')).nth(at).click();
		await this.page
			.locator(
				'.el-select-dropdown__item:visible, [role="option"]:visible, [role="menuitem"]:visible',
			)
			.getByText(field, { exact: true })
			.first()
			.click();
	}

	/** Chooses a mailbox from the list of the server. */
	async chooseMailbox(name: string, text: string): Promise<void> {
		const { page } = this;
		await page
			.locator(byTestId(`resource-locator-${name}`))
			.locator(byTestId('rlc-input'))
			.click();
		await page
			.locator(`${byTestId('rlc-item')}:visible`)
			.filter({ hasText: text })
			.first()
			.click();
	}

	/** Names a mailbox by its path, in place of choosing it from the list. */
	async nameMailbox(name: string, path: string): Promise<void> {
		const locator = this.page.locator(byTestId(`resource-locator-${name}`));
		await locator.locator(byTestId('rlc-mode-selector')).click();
		await this.page.locator(`${byTestId('mode-path')}:visible`).click();
		await locator
			.locator(byTestId('rlc-input'))
			.locator('input')
			.or(locator.locator('input'))
			.last()
			.fill(path);
	}

	/** Adds a header field to the filter Header Fields. */
	async addHeaderField(header: string, condition: string): Promise<void> {
		await this.addField('Header Fields');
		await this.page.locator(byTestId('fixed-collection-add')).first().click();
		await this.fill('name', header);
		await this.choose('condition', condition);
	}

	/** Runs the node that is open, and those before it. @returns what it shows as its output */
	async execute(): Promise<string> {
		const panel = this.page.locator(byTestId('ndv'));
		await this.click(panel.locator(byTestId('node-execute-button')));
		const output = panel.locator(byTestId('output-panel'));
		const success = panel.locator(byTestId('node-run-status-success'));
		await success
			.or(output.locator(byTestId('node-error-message')))
			.first()
			.waitFor();
		return output.innerText();
	}
}
