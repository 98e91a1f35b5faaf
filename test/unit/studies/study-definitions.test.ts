import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkGrid } from '../../../src/main/domain/simulation/studies/cells/study-cells.js';
import { loadStudyDefinitions } from '../../../src/main/domain/simulation/studies/study-definitions.js';
import type { StudyDefinition } from '../../../src/shared/study.js';
import { buildStudy } from '../../support/study-files.js';

const SHIPPED = resolve(import.meta.dirname, '../../../resources/studies');

describe('the shipped studies', () => {
  const studies = loadStudyDefinitions(SHIPPED);

  it('are the figures of the paper in its order, then our own', () => {
    expect(studies.map(({ name }) => name)).toEqual([
      ...['fig-5', 'fig-6a', 'fig-6b', 'fig-7a', 'fig-7b', 'fig-8a', 'fig-8b'],
      ...['latent-or-gaussian', 'linear-time', 'prices-paper', 'prices-reference', 'quality-paper', 'quality-reference'],
    ]);
  });

  it.each(studies.map((study) => [study.name, study] as const))('%s can be planned, every cell of it', (_name, study) => {
    expect(() => checkGrid({ study, firstSeed: 1, seeds: 50 })).not.toThrow();
  });

  it('are refused for seeds past the largest one, at the field of the first seed', () => {
    const study = studies.find(({ name }) => name === 'fig-5');
    if (!study) throw new Error('fig-5 is missing');
    expect(() => checkGrid({ study, firstSeed: 0xffffffff, seeds: 2 })).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        fields: [{ field: 'firstSeed', message: 'Seed 4294967296 is too large. Seeds are whole numbers from 0 to 4294967295.' }],
      }),
    );
  });

  it('hold the values that the paper prints, each with its section', () => {
    const printed = studies.flatMap(({ name, paper }) => paper.map(({ delaySec, source }) => ({ name, delaySec, source })));
    expect(printed.filter(({ name }) => name === 'fig-6a').map(({ delaySec }) => delaySec)).toEqual([9.59, 8.88, 8.39, 7.67, 7.37]);
    expect(printed.filter(({ name }) => name === 'fig-7a').map(({ delaySec }) => delaySec)).toEqual([23.11, 21.25, 20.76, 18.8]);
    expect(printed.filter(({ name }) => name === 'fig-7b').map(({ delaySec }) => delaySec)).toEqual([16.95, 13.39, 12.96, 11.75]);
    expect(printed.every(({ source }) => source.startsWith('Sec. V'))).toBe(true);
  });

  it('of the sweeps have the preset itself among their points', () => {
    const defaults = new Map([
      ['fig-6a', 50],
      ['fig-6b', 50],
      ['fig-7a', 15],
      ['fig-7b', 20],
      ['fig-8a', 5],
      ['fig-8b', 0.05],
    ]);
    const of = (name: string): StudyDefinition => studies.find((study) => study.name === name)!;
    for (const [name, x] of defaults) expect(of(name).points.map((point) => point.x)).toContain(x);
  });
});

describe('a definition that is refused', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'studies-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const load = (content: unknown): StudyDefinition[] => {
    writeFileSync(join(folder, 'small.json'), typeof content === 'string' ? content : JSON.stringify(content));
    return loadStudyDefinitions(folder);
  };

  it.each([
    ['is not JSON', '{', /small\.json cannot be used/],
    ['has a wrong field', { ...buildStudy(), episodes: 0 }, /small\.json cannot be used: episodes: /],
    ['has a field that there is not', { ...buildStudy(), color: 'red' }, /color/],
    [
      'has a point that changes what cannot be changed',
      { ...buildStudy(), points: [{ x: 1, changes: { speed: 1 }, settings: {} }] },
      /points\.0\.changes/,
    ],
    ['counts more episodes than there are', buildStudy({ lastEpisodes: 3 }), /lastEpisodes: More than there are episodes \(2\)/],
    ['has curves of several points', buildStudy({ kind: 'curves' }), /points: Curves have one point/],
    [
      'has a value of the paper at no point',
      buildStudy({ paper: [{ method: 'lad-ts', x: 9, delaySec: 1, source: 'Sec. V' }] }),
      /paper\.0\.x/,
    ],
    ['drives the terminal', buildStudy({ title: 'Red \u001b[31m' }), /title: Text without control characters/],
    ['has the name of another file', buildStudy({ name: 'other' }), /“other” is not the file's/],
  ])('%s', (_what, content, message) => {
    expect(() => load(content)).toThrow(expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(message) }));
  });
});
