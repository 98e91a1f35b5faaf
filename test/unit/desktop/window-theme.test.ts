import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { BACKGROUND } from '../../../src/main/shells/electron/window-theme.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

it('is behind the page what the page’s own tokens put behind everything', () => {
  const tokens = readFileSync(join(import.meta.dirname, '../../../src/renderer/styles/tokens.css'), 'utf8');
  const canvases = [...tokens.matchAll(/--canvas: (#[0-9a-f]{6});/g)].map(([, color]) => color);
  expect(canvases).toEqual([BACKGROUND.light, BACKGROUND.dark]);
});
