// The palette as a test in the browser uses it.
import type { Locator, Page } from 'playwright-core';

export interface PaletteSteps {
  palette: () => Locator;
  /** Where one types. */
  field: () => Locator;
}

/** `page` is asked at each use: a test opens it later. */
export function paletteOf(page: () => Page): PaletteSteps {
  const palette = (): Locator => page().getByRole('dialog', { name: 'Search or run a command' });
  return { palette, field: () => palette().getByRole('combobox', { name: 'Search or run a command' }) };
}
