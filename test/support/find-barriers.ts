// What axe finds wrong in the page as it is now: for people who hear it, or use it by keyboard.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Each violation as its rule and the elements that break it; of any impact. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}
