// Pictures of states of the window, in three sizes and both themes, with what is wrong with their layout as far as a program sees it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findLayoutFaults } from './layout-faults.js';
import { settle, settleDrawing } from '../picture-taker.js';
import type { StateContext, WindowState } from './window-state.js';

export const WINDOW_SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
  { width: 2560, height: 1440 },
] as const;
const THEMES = ['light', 'dark'] as const;

export interface PicturedState {
  name: string;
  /** One line a fault; also that the state did not come. */
  faults: string[];
}

/** `only` names the states that are pictured, by how they start; the others are opened only where one leads to the next. */
export async function pictureStates(
  context: StateContext,
  states: readonly WindowState[],
  { outDir, only, isSequence }: { outDir: string; only: readonly string[] | null; isSequence?: boolean },
): Promise<PicturedState[]> {
  mkdirSync(outDir, { recursive: true });
  const pictured: PicturedState[] = [];
  for (const state of states) {
    const isWished = only === null || only.some((name) => state.name.startsWith(name));
    if (!isWished && !(isSequence && states.some(({ name }) => only?.some((start) => name.startsWith(start))))) continue;
    await context.page.setViewportSize(WINDOW_SIZES[0]);
    const faults: string[] = [];
    try {
      await state.open(context);
      if (isWished) faults.push(...(await pictureState(context.page, state.name, outDir)));
    } catch (error) {
      faults.push(`did not come: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      await context.page.screenshot({ path: join(outDir, `${state.name}.did-not-come.png`) });
    }
    if (isWished) pictured.push({ name: state.name, faults });
    process.stdout.write(`${[state.name, ...faults].join('\n  ')}\n`);
  }
  return pictured;
}

async function pictureState(page: Page, name: string, outDir: string): Promise<string[]> {
  const faults: string[] = [];
  await settle(page);
  for (const size of WINDOW_SIZES) {
    await page.setViewportSize(size);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await settleDrawing(page);
      await page.screenshot({ path: join(outDir, `${name}.${size.width}.${theme}.png`) });
    }
    for (const { kind, where } of await findLayoutFaults(page)) faults.push(`${size.width}: ${kind}: ${where}`);
  }
  await page.setViewportSize(WINDOW_SIZES[0]);
  return faults;
}
