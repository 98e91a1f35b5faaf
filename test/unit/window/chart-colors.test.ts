// The colors of charts are the same in the window and in reports, and can be read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHART_COLORS } from '../../../src/shared/chart-colors.js';

const css = readFileSync(join(import.meta.dirname, '../../../src/renderer/styles/tokens.css'), 'utf8');
const [light = '', dark = ''] = css.split("[data-theme='dark']");
const blocks = { light, dark: dark.split('@theme')[0] ?? '' };

function token(theme: keyof typeof blocks, name: string): string {
  return new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(blocks[theme])?.[1] ?? 'none';
}

/** Relative luminance of WCAG 2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('the window has the colors of the reports, and no others', () => {
    const inWindow = [...blocks[theme].matchAll(/--((?:series|part)-\w+): (#[0-9a-f]{6});/g)].map(([, name, color]) => [name, color]);
    expect(Object.fromEntries(inWindow)).toEqual(CHART_COLORS[theme]);
  });

  it('a series is 4.5 : 1 on the surface', () => {
    for (let number = 1; number <= 6; number += 1) {
      expect(contrast(token(theme, `series-${number}`), token(theme, 'surface')), `series-${number}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('the border of a field is 3 : 1 on all that is behind it', () => {
    for (const behind of ['canvas', 'surface', 'sunken', 'hover', 'selected']) {
      expect(contrast(token(theme, 'line-strong'), token(theme, behind)), behind).toBeGreaterThanOrEqual(3);
    }
  });

  it('text is 4.5 : 1 on all that is behind it', () => {
    for (const behind of ['canvas', 'surface', 'sunken', 'hover', 'selected']) {
      for (const ink of ['ink', 'muted', 'accent']) {
        expect(contrast(token(theme, ink), token(theme, behind)), `${ink} on ${behind}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
