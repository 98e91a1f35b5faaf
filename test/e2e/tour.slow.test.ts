// The tour of the first start: offered once, pointing at the real commands, left by Escape, and brought back by its command.
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading, importSample, untilReady, untilRunIs } from '../support/window-steps.js';

let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow();
  await opened.page.setViewportSize({ width: 1024, height: 700 });
  await heading(opened.page, 'Overview').waitFor();
});
afterEach(() => expect(opened.complaints.splice(0)).toEqual([]));
afterAll(() => opened?.close());
screenshotOnFailure(() => opened.page);

const tour = (): Locator => opened.page.getByRole('complementary', { name: 'Tour' });
const press = (name: string): Promise<void> => tour().getByRole('button', { name, exact: true }).click();

/** Whether the card lies in the window and leaves what it points at free. */
async function expectFree(target: Locator): Promise<void> {
  await expect
    .poll(async () => {
      const [card, pointed] = [await tour().boundingBox(), await target.boundingBox()];
      if (!card || !pointed) return 'one of them is not shown';
      if (card.x < 0 || card.y < 0 || card.x + card.width > 1024 || card.y + card.height > 700) return 'out of the window';
      return card.y >= pointed.y + pointed.height || card.y + card.height <= pointed.y ? 'beside it' : 'over it';
    })
    .toBe('beside it');
}

describe('the tour', () => {
  it('is offered on the first start, and points at the first command', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Take the tour' }).click();
    await tour().getByText('Make a virtual testbed').waitFor();
    await expectFree(page.getByRole('button', { name: 'New virtual testbed' }).first());
    expect(await complaintsOfAxe(page, 'body')).toEqual([]);
  });

  it('follows the real work from the testbed over the run to Table V', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'New virtual testbed' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New virtual testbed' });
    await dialog.getByLabel('Nodes', { exact: true }).fill('2');
    await dialog.getByLabel(/^Time scale/).fill('100');
    await dialog.getByRole('button', { name: 'Create testbed' }).click();
    await tour()
      .getByText(/^Press Provision/)
      .waitFor();
    await page.getByRole('button', { name: 'Provision', exact: true }).first().click();
    await untilReady(page);
    await tour()
      .getByText(/The testbed is ready/)
      .waitFor();
    await importSample(page);
    await press('Next');
    await heading(page, 'New run').waitFor();
    await tour()
      .getByText(/Press Start run/)
      .waitFor();
    await page.getByRole('button', { name: 'Start run', disabled: false }).click();
    await untilRunIs(page, 'Succeeded');
    await press('Next');
    await heading(page, 'Table V').waitFor();
    await tour()
      .getByText(/beside the platforms of the paper/)
      .waitFor();
    await press('Done');
    await tour().waitFor({ state: 'detached' });
  });

  it('comes back by its command, stays over a reload, and is left by Escape for good', async () => {
    const { page } = opened;
    await page.keyboard.press('Control+K');
    await page.keyboard.type('tour');
    await page.getByRole('option', { name: /Tour in three steps/ }).waitFor();
    await page.keyboard.press('Enter');
    await tour().waitFor();
    await page.reload();
    await tour().getByText('Tour, step 1 of 3').waitFor();
    await page.keyboard.press('Escape');
    await tour().waitFor({ state: 'detached' });
    await goTo(page, 'Overview');
    await page.reload();
    await heading(page, 'Overview').waitFor();
    expect(await tour().count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Take the tour' }).count()).toBe(0);
  });
});
