import { expect, it } from 'vitest';
import { createProgressSpeech } from '../../../../src/renderer/layout/activity/progress-speech.js';
import type { ActivityEntry } from '../../../../src/shared/activity-entry.js';
import { buildActivityEntry } from '../../../support/activity-fixtures.js';

function at(done: number, change: Partial<ActivityEntry> = {}): ActivityEntry {
  return buildActivityEntry({ progress: { done, total: 1000, unit: 'images', phase: null }, ...change });
}

it('says each quarter once, and nothing in between', () => {
  const speak = createProgressSpeech();
  const said = Array.from({ length: 1001 }, (_, done) => speak([at(done)], done * 10)).filter((text) => text !== null);
  expect(said).toEqual([
    'Live 1000: 25 percent, 250 of 1,000 images.',
    'Live 1000: 50 percent, 500 of 1,000 images.',
    'Live 1000: 75 percent, 750 of 1,000 images.',
  ]);
});

it('of what takes long is said once a minute, with the time left', () => {
  const speak = createProgressSpeech();
  const remaining = { lowSec: 3000, highSec: 3000 };
  const said = Array.from({ length: 200 }, (_, sec) => speak([at(1 + sec, { remaining })], sec * 1000)).filter((text) => text !== null);
  expect(said).toEqual([
    'Live 1000: 6 percent, 61 of 1,000 images, about 50 min left.',
    'Live 1000: 12 percent, 121 of 1,000 images, about 50 min left.',
    'Live 1000: 18 percent, 181 of 1,000 images, about 50 min left.',
  ]);
});

it('is silent while nothing moves, and where the window was opened in the middle', () => {
  const speak = createProgressSpeech();
  expect(speak([at(600)], 0)).toBeNull();
  expect(speak([at(600)], 300_000)).toBeNull();
  expect(speak([at(601)], 300_001)).toBe('Live 1000: 60 percent, 601 of 1,000 images.');
});

it('says of several in one breath, and without percent where the whole is not known', () => {
  const speak = createProgressSpeech();
  const push = (done: number): ActivityEntry =>
    at(done, { id: 'job-1', title: 'Check', progress: { done, total: null, unit: 'items', phase: 'Reading' } });
  speak([at(100), push(1)], 0);
  expect(speak([at(300), push(2)], 61_000)).toBe('Live 1000: 30 percent, 300 of 1,000 images. Check: Reading, 2.');
});
