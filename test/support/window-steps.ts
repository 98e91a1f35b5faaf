// What a user does in the window, step by step, found by roles and names as a user finds it. Each step ends when the window shows its end.
import type { Locator, Page } from 'playwright-core';
import { findFreePort } from '../../src/main/foundation/listen-port.js';

/** Provisioning and runs take seconds of real time; everything else is quick. */
const LONG_MS = 120_000;
const PROVISIONING_STEPS = 'Provisioning steps';

/** Opens a view by the navigation on the left. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: view }).click();
  await heading(page, view).waitFor();
}

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}

/** The virtual testbed's page is open afterwards. */
export async function createVirtualTestbed(
  page: Page,
  { name, nodes, timeScale }: { name: string; nodes: number; timeScale: number },
): Promise<void> {
  await goTo(page, 'Testbeds');
  await page.getByRole('button', { name: 'New virtual testbed' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New virtual testbed' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Nodes', { exact: true }).fill(String(nodes));
  await dialog.getByLabel(/^Time scale/).fill(String(timeScale));
  await dialog.getByRole('button', { name: 'Create testbed' }).click();
  await heading(page, name).waitFor();
}

/** Creates a testbed of real nodes, and leaves its page open. */
export async function createRealTestbed(page: Page, name: string): Promise<void> {
  await goTo(page, 'Testbeds');
  await page.getByRole('button', { name: 'New real testbed' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New real testbed' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create testbed' }).click();
  await heading(page, name).waitFor();
}

/** Adds a host to the testbed whose page is open, with an agent port that is free here. */
export async function addNode(page: Page, node: { host: string; sshPort: number; user: string; name?: string }): Promise<void> {
  await page.getByRole('button', { name: 'Add node' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a node' });
  await dialog.getByLabel('Host').fill(node.host);
  await dialog.getByLabel('SSH port').fill(String(node.sshPort));
  await dialog.getByLabel('User').fill(node.user);
  if (node.name !== undefined) await dialog.getByLabel('Name').fill(node.name);
  await dialog.getByLabel('Agent port').fill(String(await findFreePort('127.0.0.1', null)));
  await dialog.getByRole('button', { name: 'Add node' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** The line for authorized_keys, from where the window shows it. */
export async function readProgramKey(page: Page): Promise<string> {
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'About' }).click();
  return page.getByText(/^ssh-ed25519 /).innerText();
}

/** Chooses a node on the page of its testbed, where nodes are cards; what is known of it is beside them afterwards. */
export async function chooseNode(page: Page, name: string): Promise<void> {
  await page.getByRole('group', { name: 'Nodes', exact: true }).getByRole('button', { name, exact: true }).click();
}

/** Starts the provisioning of the testbed whose page is open. */
export async function provision(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Provision', exact: true }).first().click();
  await provisioningSteps(page).waitFor();
}

/** Provisions the real testbed whose page is open: its plan comes first, and the caller looks at it in `look`. */
export async function planAndApply(page: Page, button: 'Provision' | 'Provision again', look: () => Promise<void>): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  await look();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  // A question about a host key may be over the page at once, which hides everything else from roles.
  await page.getByRole('grid', { name: PROVISIONING_STEPS, includeHidden: true }).waitFor();
}

/** The matrix of nodes and steps. */
export function provisioningSteps(page: Page): Locator {
  return page.getByRole('grid', { name: PROVISIONING_STEPS });
}

/** Waits until the testbed whose page is open is ready for a run. */
export async function untilReady(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'New run' }).waitFor({ timeout: LONG_MS });
}

/** Opens the import dialog and gives it a file; the caller looks at what it says. */
export async function chooseDatasetFile(page: Page, file: { name: string; mimeType: string; buffer: Buffer } | string): Promise<Locator> {
  await goTo(page, 'Datasets');
  await page.getByRole('button', { name: 'Import a file' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Import a dataset' });
  await dialog.locator('input[type=file]').setInputFiles(file);
  return dialog;
}

export async function importSample(page: Page): Promise<void> {
  await goTo(page, 'Datasets');
  await page.getByRole('button', { name: 'Import the sample' }).first().click();
  await page.getByRole('link', { name: 'Sample prompts' }).waitFor();
}

/** Creates virtual nodes, provisions them, and imports the sample: all that a run needs, from nothing and as a user does it. */
export async function prepareRuns(page: Page, testbed: { name: string; nodes: number; timeScale: number }): Promise<void> {
  await createVirtualTestbed(page, testbed);
  await provision(page);
  await untilReady(page);
  await importSample(page);
}

/** Starts a run on the first ready testbed with the newest dataset; its page is open afterwards. Returns the run's id. */
export async function startRun(page: Page, { name, count }: { name: string; count: number }): Promise<string> {
  await fillNewRun(page, { name, count });
  const button = page.getByRole('button', { name: 'Start run' });
  await untilItRests(button);
  await button.click();
  await heading(page, name).waitFor();
  return new URL(page.url()).hash.split('/').at(-1)!;
}

/** Real ms in which an estimate that is on its way comes. */
const REST_MS = 300;

/** An estimate grows when it comes, and what is below it moves: a click in that moment goes where the button was. */
async function untilItRests(button: Locator): Promise<void> {
  for (let before = ''; ; await button.page().waitForTimeout(REST_MS)) {
    const now = JSON.stringify(await button.boundingBox());
    if (now === before) return;
    before = now;
  }
}

/** Opens the form of a new run and fills it, without starting. */
export async function fillNewRun(page: Page, { name, count }: { name: string; count: number }): Promise<void> {
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'New run' }).first().click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.getByLabel('Name').fill(name);
  const choices = form.getByRole('radiogroup', { name: 'Number of tasks' });
  const preset = choices.getByRole('radio', { name: count.toLocaleString('en'), exact: true });
  if ((await preset.count()) > 0) return preset.click();
  await choices.getByRole('radio', { name: 'Other' }).click();
  await form.getByLabel('Other number of tasks').fill(String(count));
}

/** Waits until the run whose page is open shows this state beside its name. */
export async function untilRunIs(page: Page, state: string, timeoutMs = LONG_MS): Promise<void> {
  await page.locator('main header').getByText(state, { exact: true }).waitFor({ timeout: timeoutMs });
}

/** Opens the form of a new training and fills it with an environment in which an episode takes a moment, without starting. */
export async function fillSmallTraining(page: Page, episodes: number): Promise<void> {
  await goTo(page, 'Train');
  await page.getByRole('link', { name: 'New training' }).first().click();
  const form = page.getByRole('form', { name: 'New training' });
  const values = {
    Episodes: episodes,
    'Base stations': 2,
    'Slots of an episode': 4,
    'Max tasks per slot': 3,
    'Hidden neurons': 4,
    'Batch size': 2,
    'Learning starts': 2,
  };
  for (const [label, value] of Object.entries(values)) await form.getByLabel(new RegExp(`^${label}`)).fill(String(value));
}
