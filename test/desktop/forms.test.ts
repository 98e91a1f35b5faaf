// Every form of the window, submitted once through the desktop shell: what a view hands over must cross to the core's process, whatever Vue
// made of it. What is asserted is that the core answered, by what it did or by an error of the program in words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDesktop } from '../support/open-desktop.js';
import type { OpenDesktop } from '../support/open-desktop.js';
import { mutationsOfTheWindow, NOT_SENT } from '../support/window-mutations.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import {
  chooseDatasetFile,
  chooseNode,
  createVirtualTestbed,
  fillSmallTraining,
  goTo,
  heading,
  provision,
  startRun,
  untilReady,
  untilRunIs,
} from '../support/window-steps.js';

const PASSPHRASE = 'correct horse battery staple';
const STUDY = 'Fig. 7(a): Quality of the images';

let folder: string;
let desktop: OpenDesktop;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'desktop-forms-'));
  desktop = await openDesktop({ dataDir: join(folder, 'data') });
  page = desktop.page;
  page.setDefaultTimeout(15_000);
  await page.getByRole('status').getByText('Connected').waitFor();
  await recordCalls();
});

afterAll(async () => {
  await desktop?.close();
  rmSync(folder, { recursive: true, force: true });
});

screenshotOnFailure(() => desktop?.page);

/** Notes the path of every call that leaves the page from now on. */
function recordCalls(): Promise<void> {
  return page.evaluate(() => {
    const calls: string[] = ((globalThis as { sentCalls?: string[] }).sentCalls = []);
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (
      this: MessagePort,
      message: { kind?: string; type?: string; path?: string },
      ...rest: []
    ) {
      post.call(this, message, ...rest);
      if (message.kind === 'call' && message.type === 'mutation') calls.push(message.path ?? '');
    } as typeof post;
  });
}

function dialogOf(name: string | RegExp): Locator {
  return page.getByRole('dialog', { name });
}

async function submit(dialog: Locator, button: string | RegExp): Promise<void> {
  await dialog.getByRole('button', { name: button }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe('testbeds', () => {
  it('a virtual one is made and provisioned', async () => {
    await createVirtualTestbed(page, { name: 'Lab', nodes: 2, timeScale: 30 });
    await provision(page);
    await untilReady(page);
  });

  it('a real one gets nodes by address and from a list', async () => {
    await goTo(page, 'Testbeds');
    await page.getByRole('button', { name: 'New real testbed' }).first().click();
    const naming = dialogOf('New real testbed');
    await naming.getByLabel('Name').fill('Real');
    await submit(naming, 'Create testbed');
    await heading(page, 'Real').waitFor();

    await page.getByRole('button', { name: 'Add node' }).click();
    const adding = dialogOf('Add a node');
    await adding.getByLabel('Host').fill('127.0.0.1');
    await adding.getByLabel('SSH port').fill('9');
    await adding.getByLabel('User').fill('lab');
    await adding.getByLabel('Login').click();
    await page.getByRole('option', { name: 'A password' }).click();
    await adding.getByLabel('Password', { exact: true }).fill('pass word');
    await adding.getByLabel('Name').fill('orin-1');
    await submit(adding, 'Add node');

    await page.getByRole('button', { name: 'Paste a list' }).click();
    const pasting = dialogOf('Nodes from a list');
    await pasting.getByLabel('Hosts').fill('lab@127.0.0.2:9 orin-2\nlab@127.0.0.3:9 orin-3');
    await submit(pasting, 'Add 2 nodes');
    await page.getByText('orin-3').first().waitFor();
  });

  it('the login of a node is changed, and its plan says in words that it does not answer', async () => {
    await chooseNode(page, 'orin-1');
    await page.getByRole('button', { name: 'Login and secrets' }).click();
    const login = dialogOf('Login of orin-1');
    await login.getByLabel('Login').click();
    await page.getByRole('option', { name: 'The SSH agent' }).or(page.getByRole('option').first()).first().click();
    await submit(login, 'Save login');
    await page.getByRole('button', { name: 'Provision', exact: true }).first().click();
    await page
      .getByText(/port 9 refuses connections/)
      .first()
      .waitFor();
  });
});

describe('datasets and runs', () => {
  it('captions are imported, a run is started and steered', async () => {
    const captions = Array.from({ length: 40 }, (_, index) => `A dog runs over field ${index + 1}`).join('\n');
    const dialog = await chooseDatasetFile(page, { name: 'captions.txt', mimeType: 'text/plain', buffer: Buffer.from(captions) });
    await submit(dialog, /^Import \d+ prompts/);
    await startRun(page, { name: 'Forms', count: 40 });
    await untilRunIs(page, 'Running');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await submit(page.getByRole('alertdialog').or(page.getByRole('dialog')).first(), 'Pause run');
    await untilRunIs(page, 'Paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await untilRunIs(page, 'Succeeded');
  });

  it('tasks and images are searched, and runs chosen for the comparison', async () => {
    await page.getByRole('tab', { name: /^Tasks/ }).click();
    await page
      .getByPlaceholder(/Search/)
      .first()
      .fill('dog');
    await page.getByRole('table', { name: 'Tasks' }).getByRole('row').nth(1).waitFor();
    await goTo(page, 'Gallery');
    await page.getByPlaceholder(/Search prompts/).fill('dog');
    await page.getByRole('list', { name: 'Images' }).locator('img').first().waitFor();
    await goTo(page, 'Table V');
    await page.getByRole('table', { name: 'Total generation delay by platform' }).waitFor();
  });
});

describe('learning', () => {
  it('a training is started with settings of its own', async () => {
    await fillSmallTraining(page, 2);
    await page.getByRole('button', { name: 'Start training' }).click();
    await untilRunIs(page, 'Succeeded');
  });

  it('a study is started, paused and removed', async () => {
    await goTo(page, 'Train');
    await page.getByRole('navigation', { name: 'Train' }).getByRole('link', { name: 'Studies' }).click();
    await page.getByRole('button', { name: `Start ${STUDY}` }).click();
    const dialog = dialogOf(`Start ${STUDY}`);
    await dialog.getByLabel('Seeds', { exact: true }).fill('1');
    await submit(dialog, 'Start study');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilRunIs(page, 'Paused');
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilRunIs(page, 'Paused');
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Studies').waitFor();
  });
});

describe('series', () => {
  it('one is composed, reordered, extended, canceled and removed', async () => {
    await goTo(page, 'Runs');
    await page.getByRole('link', { name: 'Series', exact: true }).click();
    await page.getByRole('link', { name: 'New series', exact: true }).click();
    const form = page.getByRole('form', { name: 'New series' });
    await form.getByLabel('Name').fill('Forms series');
    for (const count of ['100', '500', '1,000']) await form.getByLabel(count, { exact: true }).uncheck();
    await form.getByRole('switch', { name: 'Keep invalid runs' }).click();
    await form.getByRole('button', { name: 'Start series' }).click();
    await heading(page, 'Forms series').waitFor();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await untilRunIs(page, 'Paused');
    await page
      .getByRole('button', { name: /^Move / })
      .last()
      .focus();
    await page.keyboard.press('Alt+ArrowUp');
    await page.getByText(/is now \d+ of \d+ that wait/).waitFor();
    await page.getByRole('button', { name: 'Extend', exact: true }).click();
    await submit(dialogOf('Extend this series'), 'Extend series');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await submit(page.getByRole('alertdialog'), 'Cancel series');
    await untilRunIs(page, 'Canceled');
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Series').waitFor();
  });
});

describe('models', () => {
  it('a file that is none is refused in words', async () => {
    const path = join(folder, 'bogus.safetensors');
    writeFileSync(path, 'no model');
    await goTo(page, 'Models');
    await page.getByRole('button', { name: 'Add a model' }).first().click();
    const dialog = dialogOf('Add a model');
    await dialog.getByLabel('Path on this machine').fill(path);
    await submit(dialog, 'Add model');
    await page.getByRole('region', { name: 'Work on models' }).getByRole('alert').waitFor();
  });
});

describe('the vault', () => {
  it('is made, changed, locked, unlocked and discarded', async () => {
    await goTo(page, 'Settings');
    await page.getByRole('tab', { name: 'Secrets' }).click();
    await page.getByRole('button', { name: 'Create vault' }).click();
    const making = dialogOf('Create vault');
    await making.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
    await making.getByLabel('Repeat the passphrase').fill(PASSPHRASE);
    await submit(making, 'Create vault');

    await page.getByRole('button', { name: 'Change passphrase' }).click();
    const changing = dialogOf('Change passphrase');
    await changing.getByLabel('Present passphrase').fill(PASSPHRASE);
    await changing.getByLabel('New passphrase').fill(`${PASSPHRASE} 2`);
    await changing.getByLabel('Repeat the passphrase').fill(`${PASSPHRASE} 2`);
    await submit(changing, 'Change passphrase');

    await page.getByRole('button', { name: 'Lock vault' }).click();
    await page.getByRole('button', { name: 'Unlock vault' }).click();
    const unlocking = dialogOf('Unlock vault');
    await unlocking.getByLabel('Passphrase').fill(`${PASSPHRASE} 2`);
    await submit(unlocking, 'Unlock vault');

    await page.getByRole('button', { name: 'Discard vault' }).click();
    const discarding = page.getByRole('alertdialog').or(dialogOf('Discard the vault?')).first();
    await submit(discarding, 'Discard vault');
    await page.getByRole('button', { name: 'Create vault' }).waitFor();
  });
});

describe('reports', () => {
  it('one is started, written in, renamed, added to and removed', async () => {
    await goTo(page, 'Reports');
    await page.getByRole('button', { name: 'New report' }).click();
    const starting = dialogOf('New report');
    await starting.getByRole('radio', { name: 'Empty' }).click();
    await starting.getByLabel('Title').fill('Written');
    await submit(starting, 'Create report');
    await heading(page, 'Written').waitFor();

    await page.getByRole('button', { name: 'Add text' }).click();
    const writing = dialogOf('Add text');
    await writing.getByLabel('Text').fill('Why.');
    await submit(writing, 'Add text');
    await page.getByRole('article', { name: 'Preview' }).getByText('Why.').waitFor();

    await page.getByRole('button', { name: 'Rename report' }).click();
    const renaming = dialogOf('Rename report');
    await renaming.getByLabel('Title').fill('Renamed');
    await submit(renaming, 'Rename');
    await heading(page, 'Renamed').waitFor();

    await goTo(page, 'Runs');
    await page.getByRole('treegrid', { name: 'Runs' }).getByRole('link', { name: 'Forms', exact: true }).first().click();
    await page.getByRole('button', { name: 'Add to report' }).click();
    const adding = dialogOf('Add to report');
    await adding.getByRole('button', { name: 'Add', exact: true }).click();
    await adding.getByText('Added to').waitFor();
    await submit(adding, 'Done');

    await goTo(page, 'Reports');
    await page.getByRole('button', { name: 'Move Renamed to the bin' }).click();
    await page.getByText('Report Renamed moved to the bin.').first().waitFor();
  });
});

describe('what is removed', () => {
  it('a training, a run, a dataset, a node and a testbed', async () => {
    const confirm = async (button: RegExp): Promise<void> => {
      const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog')).first();
      await dialog.getByRole('button', { name: button }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    await goTo(page, 'Train');
    await page.getByRole('table', { name: 'Trainings' }).getByRole('link').first().click();
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Train').waitFor();
    await goTo(page, 'Runs');
    await page.getByRole('treegrid', { name: 'Runs' }).getByRole('link', { name: 'Forms', exact: true }).first().click();
    await page.getByRole('button', { name: 'Star Forms' }).click();
    await page.getByRole('button', { name: 'Add tags' }).click();
    await page.getByLabel('New tag').fill('desk');
    await page.getByRole('button', { name: 'Save tags' }).click();
    await page.getByRole('link', { name: '#desk' }).waitFor();
    await page.getByRole('button', { name: 'Write a note' }).click();
    await page.getByRole('textbox', { name: 'Note' }).fill('By **hand**');
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByRole('region', { name: 'Tags and note' }).locator('strong').waitFor();
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await page.keyboard.press('Control+z');
    await page.getByRole('treegrid', { name: 'Runs' }).getByRole('link', { name: 'Forms', exact: true }).first().click();
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await page.getByRole('link', { name: /^Bin \d/ }).click();
    await page.getByRole('button', { name: 'Empty bin' }).click();
    await confirm(/^Empty bin/);
    await goTo(page, 'Datasets');
    await page
      .getByRole('button', { name: /^Move .* to the bin$/ })
      .first()
      .click();
    await page
      .getByText(/^Dataset .* moved to the bin\.$/)
      .first()
      .waitFor();
    await goTo(page, 'Testbeds');
    await page.getByRole('link', { name: 'Real' }).click();
    await page.getByRole('button', { name: 'Remove orin-2' }).click();
    await confirm(/^Remove node/);
    await page.getByRole('button', { name: 'Move to bin' }).click();
    await heading(page, 'Testbeds').waitFor();
  });
});

it('every mutation that the window knows was sent, but for those that are no form', async () => {
  const sent = new Set(await page.evaluate(() => (globalThis as { sentCalls?: string[] }).sentCalls ?? []));
  const missed = mutationsOfTheWindow().filter((path) => !sent.has(path) && !(path in NOT_SENT));
  expect(missed).toEqual([]);
});

it('nothing of the window complained', async () => {
  expect(desktop.complaints.filter((text) => !text.includes('503'))).toEqual([]);
  expect(await page.getByText(/could not be cloned|internal error|fault of the program/i).count()).toBe(0);
});
