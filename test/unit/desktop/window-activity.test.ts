import { expect, it, vi } from 'vitest';
import { taskBarOf } from '../../../src/main/shells/electron/window-activity.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

it('the task bar says how far, that it stands still, and that something failed', () => {
  expect(taskBarOf({ state: 'going', fraction: 0.4 })).toEqual([0.4, { mode: 'normal' }]);
  expect(taskBarOf({ state: 'going', fraction: null })).toEqual([2, { mode: 'normal' }]);
  expect(taskBarOf({ state: 'paused', fraction: 0.4 })).toEqual([0.4, { mode: 'paused' }]);
  expect(taskBarOf({ state: 'failed', fraction: 1 })).toEqual([1, { mode: 'error' }]);
  expect(taskBarOf({ state: 'none', fraction: null })).toEqual([-1, { mode: 'none' }]);
});
