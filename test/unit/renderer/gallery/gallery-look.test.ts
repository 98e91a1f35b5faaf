import { describe, expect, it } from 'vitest';
import { questionOfCell } from '../../../../src/renderer/views/gallery/cell-question.js';
import { type GalleryLook, listKey, PLAIN_LOOK, readLook, writeLook } from '../../../../src/renderer/views/gallery/gallery-look.js';
import { listChips, valueOfKey, withKey } from '../../../../src/renderer/views/gallery/query-terms.js';
import {
  ALL_SELECTED,
  countSelected,
  hasImage,
  NOTHING_SELECTED,
  toGallerySelection,
  withImages,
} from '../../../../src/renderer/views/gallery/image-selection.js';
import { GALLERY_KEYS } from '../../../../src/shared/gallery-keys.js';
import { parseQuery } from '../../../../src/shared/query/parse-query.js';

describe('the address', () => {
  it('has all of the look and reads it back', () => {
    const look: GalleryLook = {
      ...{ query: 'dog frisbee steps:10..12', runId: 'run-1', sort: 'slowest', form: 'table', rows: 'seed', columns: 'node' },
      ...{ at: 'task-1', image: 'task-2', compare: 'task-3' },
    };
    expect(readLook(writeLook(look) as Record<string, string>)).toEqual(look);
    expect(writeLook(PLAIN_LOOK)).toEqual({});
  });

  it('takes nonsense for what is usual, and never one parameter for rows and columns', () => {
    expect(readLook({ sort: 'best', form: ['table', 'grid'], q: ['a', 'b'], rows: 'color' })).toEqual(PLAIN_LOOK);
    const { rows, columns } = readLook({ form: 'table', rows: 'scheduler', columns: 'scheduler' });
    expect(rows).not.toBe(columns);
  });

  it('lists the same whatever is looked at', () => {
    const other: GalleryLook = { ...PLAIN_LOOK, query: 'dog', at: 'task-1', image: 'task-2' };
    expect(listKey({ ...PLAIN_LOOK, query: 'dog ' })).toBe(listKey(other));
  });
});

describe('filters', () => {
  it('write their key into the query and take it out again', () => {
    const query = withKey(withKey('dog frisbee', 'node', 'ES 1'), 'steps', ' 10 .. 12 ');
    expect(query).toBe('dog frisbee node:"ES 1" steps:10..12');
    expect(valueOfKey(query, 'node')).toBe('ES 1');
    expect(withKey(query, 'node', '')).toBe('dog frisbee steps:10..12');
    expect(withKey(query, 'steps', '>=18')).toBe('dog frisbee node:"ES 1" steps:>=18');
    expect(listChips(query).map(({ text }) => text)).toEqual(['node:"ES 1"', 'steps:10..12']);
    expect(listChips(query)[0]?.without).toBe('dog frisbee steps:10..12');
  });

  it('keep a name whole that has quotes, commas and keys in it', () => {
    const name = 'a "b", seed:1';
    const { query, mistakes } = parseQuery(withKey('', 'run', name), GALLERY_KEYS);
    expect(mistakes).toEqual([]);
    expect(query.terms).toMatchObject([{ key: 'run', values: [{ text: name }] }]);
    expect(valueOfKey(withKey('', 'run', name), 'run')).toBe(name);
  });
});

describe('a cell of the table', () => {
  it('is a query of its own', () => {
    const question = { query: 'dog seed:1', runId: null };
    const prompt = { axis: 'prompt', key: '7', label: 'A "big" dog' } as const;
    expect(questionOfCell(question, [prompt, { axis: 'seed', key: '9', label: '9' }])).toEqual({
      query: 'dog "A \\"big\\" dog" seed:9',
      runId: null,
    });
    expect(questionOfCell(question, [{ axis: 'run', key: 'run-7', label: 'Night' }])).toEqual({ query: 'dog seed:1', runId: 'run-7' });
  });
});

describe('a selection', () => {
  const question = { query: 'dog', runId: null, sort: 'newest', asOf: 9 } as const;

  it('of some has them and no other', () => {
    const two = withImages(withImages(NOTHING_SELECTED, ['a', 'b', 'c'], true), ['b'], false);
    expect([countSelected(two, 100), hasImage(two, 'a'), hasImage(two, 'b')]).toEqual([2, true, false]);
    expect(toGallerySelection(two, question)).toEqual({ ...question, only: ['a', 'c'], except: [] });
  });

  it('of all but one is no list of all', () => {
    const most = withImages(ALL_SELECTED, ['b'], false);
    expect([countSelected(most, 50_000), hasImage(most, 'a'), hasImage(most, 'b')]).toEqual([49_999, true, false]);
    expect(toGallerySelection(most, question)).toEqual({ ...question, only: null, except: ['b'] });
    expect(countSelected(withImages(most, ['b'], true), 50_000)).toBe(50_000);
  });
});
