// What axe finds wrong in the view that is open, in the light and in the dark theme.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** One line a violation; none where all is well. */
export async function complaintsOfAxe(page: Page, root = '#view'): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const theme of ['light', 'dark']) {
    await page.evaluate(async (name) => {
      document.documentElement.dataset['theme'] = name;
      // On their way from one theme to the other colors are neither's.
      const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
      await Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
    }, theme);
    found.push(
      ...(await page.evaluate(
        async ({ selector, name }) => {
          const { axe: tool } = globalThis as unknown as {
            axe: { run(root: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const { violations } = await tool.run(selector);
          return violations.map(({ id, nodes }) => `${name}, ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
        },
        { selector: root, name: theme },
      )),
    );
  }
  return found;
}
