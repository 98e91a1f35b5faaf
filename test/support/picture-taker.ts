// Takes pictures of what a page shows, light and dark: NAME.png and NAME-dark.png.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** PNGs of so few colors stay small, and show no bands in a window of few colors. */
const COLORS = 96;
/** Real ms; a picture that is not ready by then is given up. */
const STEP_LIMIT_MS = 60_000;

export interface Taker {
  take(name: string): Promise<void>;
  /** Goes to what is shown and takes its picture; what goes wrong is noted in `failed`, and the next one has its turn. */
  view(name: string, show: () => Promise<void>): Promise<void>;
  /** One line a picture. */
  readonly failed: readonly string[];
}

/** `only` names the pictures that are written; null is all. */
export function createTaker(page: Page, { outDir, only }: { outDir: string; only: readonly string[] | null }): Taker {
  page.setDefaultTimeout(STEP_LIMIT_MS);
  const failed: string[] = [];

  async function take(name: string): Promise<void> {
    if (only && !only.includes(name)) return;
    await page.mouse.move(0, 0);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await settle(page);
      const file = theme === 'light' ? `${name}.png` : `${name}-dark.png`;
      await sharp(await page.screenshot())
        .png({ palette: true, colors: COLORS, compressionLevel: 9, effort: 10 })
        .toFile(join(outDir, file));
      process.stdout.write(`${file}\n`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }

  return {
    take,
    failed,
    async view(name, show) {
      try {
        await show();
        await take(name);
      } catch (error) {
        failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

/** Waits until everything asked for has come and every movement has ended. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await settleDrawing(page);
}

/** Waits until what is there is drawn, and every movement has ended. */
export async function settleDrawing(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // One that is out of sight is not asked for before it comes into sight.
    const asked = [...document.images].filter((image) => image.complete || image.loading !== 'lazy');
    await Promise.all(asked.map((image) => image.decode().catch(() => undefined)));
    const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.all(passing.map((animation) => animation.finished.catch(() => undefined)));
    // Charts draw in the frame after the one in which the theme changed.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
