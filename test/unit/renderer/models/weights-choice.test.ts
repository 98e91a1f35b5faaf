import { describe, expect, it } from 'vitest';
import {
  describeRoom,
  describeToken,
  listFileOptions,
  type WeightsChoice,
  whyNotFetch,
} from '../../../../src/renderer/views/models/weights-choice.js';
import { PUBLISHED_WEIGHTS, SD3_LICENSE, WEIGHTS_PAGE, type WeightsOffer } from '../../../../src/shared/weights.js';

const [first] = PUBLISHED_WEIGHTS;
const offer = (change: Partial<WeightsOffer> = {}, hereBytes = 0): WeightsOffer => ({
  page: WEIGHTS_PAGE,
  mirror: null,
  license: SD3_LICENSE,
  files: PUBLISHED_WEIGHTS.map((file) => ({ ...file, hereBytes })),
  token: { source: 'environment' },
  folder: '/data/weights',
  freeBytes: 97e9,
  ...change,
});
const choice = (change: Partial<WeightsChoice> = {}): WeightsChoice => ({
  file: first.file,
  folder: '/models',
  isAccepted: true,
  ...change,
});
const kept = (holder: 'vault' | 'system', isReadable: boolean) => ({ source: 'kept', holder, isReadable, storedAtMs: 0 }) as const;

describe('a fetch of weights', () => {
  it('can start with license, folder, token and room', () => {
    expect(whyNotFetch(choice(), offer())).toBeNull();
    expect(whyNotFetch(choice(), offer({ token: kept('vault', true) }))).toBeNull();
  });

  it.each([
    ['an offer that is not there yet', choice(), undefined, 'not known yet'],
    ['no license', choice({ isAccepted: false }), offer(), 'Confirm the license'],
    ['no folder', choice({ folder: ' ' }), offer(), 'Name a folder'],
    ['no token', choice(), offer({ token: { source: 'none' } }), 'Enter a token'],
    ['a locked vault', choice(), offer({ token: kept('vault', false) }), 'Unlock the vault'],
    ['no room', choice(), offer({ freeBytes: 1e9 }), 'no room'],
  ])('says what is missing: %s', (_what, chosen, known, words) => {
    expect(whyNotFetch(chosen, known)).toContain(words);
  });

  it('needs neither token nor room for a file that is there', () => {
    expect(whyNotFetch(choice(), offer({ token: { source: 'none' }, freeBytes: 0 }, first.sizeBytes))).toBeNull();
  });
});

it('says of each file how large it is and what for', () => {
  const [option] = listFileOptions(offer());
  expect(option).toMatchObject({ value: first.file, label: `${first.file}, 5.97 GB` });
  expect(option?.description).toContain('reSD3-m as it is');
});

it('says how the file fits into the folder', () => {
  expect(describeRoom(first.file, offer())).toBe('5.97 GB needed, 97.0 GB free there.');
  expect(describeRoom(first.file, offer({}, 1e9))).toContain('1.00 GB of it are there already: the rest is fetched.');
  expect(describeRoom(first.file, offer({}, first.sizeBytes))).toContain('nothing is fetched');
});

it('says whose token a fetch takes, and what is to be done where it can not be read', () => {
  expect(describeToken({ source: 'environment' })).toContain('HF_TOKEN');
  expect(describeToken(kept('vault', true))).toMatch(/^Kept since .*: the vault file\.$/);
  expect(describeToken(kept('vault', false))).toContain('Settings, Secrets unlocks it');
  expect(describeToken(kept('system', false))).toContain('enter it again');
});
