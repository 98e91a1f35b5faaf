import { describe, expect, it, vi } from 'vitest';
import { afterDeath, AGAIN_WITHIN_MS, describeDeath } from '../../../src/main/shells/electron/page-health.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

describe('afterDeath', () => {
  it('loads the page again the first time', () => expect(afterDeath('killed', null, 5)).toBe('reload'));
  it('asks when it dies again within a minute', () => expect(afterDeath('oom', 0, AGAIN_WITHIN_MS - 1)).toBe('ask'));
  it('loads it again when it lived longer', () => expect(afterDeath('crashed', 0, AGAIN_WITHIN_MS)).toBe('reload'));
  it('lets a page go that ends cleanly', () => expect(afterDeath('clean-exit', null, 5)).toBe('nothing'));
});

it('says why in words, with what Chromium calls it', () => {
  expect(describeDeath({ reason: 'oom', exitCode: 5 })).toBe('it ran out of memory (oom, status 5)');
});
