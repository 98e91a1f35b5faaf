import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_VIEWS,
  DEFAULT_LOOK,
  isSameLook,
  readLook,
  withSort,
  writeLook,
} from '../../../../src/renderer/views/history/history-look.js';
import { acceptSuggestion, markMistake } from '../../../../src/renderer/views/history/query-text.js';
import { HISTORY_KEYS } from '../../../../src/shared/history-keys.js';
import { parseQuery } from '../../../../src/shared/query/parse-query.js';

describe('the look of the list', () => {
  it('is the same after it was in the address', () => {
    const look = { query: 'scheduler:random -tag:draft', sort: 'total', isDescending: false, group: 'testbed' } as const;
    expect(writeLook(look)).toEqual({ q: look.query, sort: 'total', group: 'testbed' });
    expect(readLook({ q: look.query, sort: 'total', group: 'testbed' })).toEqual(look);
    expect(readLook({ sort: '-total' })).toEqual({ ...DEFAULT_LOOK, sort: 'total', isDescending: true });
  });

  it('leaves the plain page a plain address, and takes no nonsense from one', () => {
    expect(writeLook(DEFAULT_LOOK)).toEqual({});
    expect(readLook({ q: ['a', 'b'], sort: 'height', group: 'color' })).toEqual(DEFAULT_LOOK);
  });

  it('goes back to the newest first when a head is pressed the third time', () => {
    const sorted = withSort(DEFAULT_LOOK, { columnId: 'p95', isDescending: true });
    expect(sorted).toEqual({ ...DEFAULT_LOOK, sort: 'p95', isDescending: true });
    expect(isSameLook(withSort(sorted, null), DEFAULT_LOOK)).toBe(true);
  });

  it.each(BUILT_IN_VIEWS)('of the view $name has a query that is understood', ({ look }) => {
    expect(parseQuery(look.query, HISTORY_KEYS).mistakes).toEqual([]);
  });
});

describe('markMistake', () => {
  it('cuts out the place of the mistake', () => {
    const text = 'tag:orin n:>=abc dog';
    const [mistake] = parseQuery(text, HISTORY_KEYS).mistakes;
    expect(markMistake(text, mistake!)).toEqual({ before: 'tag:orin n:', wrong: '>=abc', after: ' dog' });
  });

  it('takes the letter before a place that is empty', () => {
    const text = 'n:';
    const [mistake] = parseQuery(text, HISTORY_KEYS).mistakes;
    expect(markMistake(text, mistake!).wrong).toBe(':');
    expect(markMistake(text, null)).toEqual({ before: 'n:', wrong: '', after: '' });
  });
});

describe('acceptSuggestion', () => {
  it('writes a key and stays behind its colon', () => {
    expect(acceptSuggestion('sch', { from: 0, to: 3 }, 'scheduler:')).toEqual({ text: 'scheduler:', cursor: 10, isUnfinished: true });
  });

  it('writes a value and goes on behind a space', () => {
    expect(acceptSuggestion('tag:or', { from: 4, to: 6 }, 'orin')).toEqual({ text: 'tag:orin ', cursor: 9, isUnfinished: false });
    expect(acceptSuggestion('tag:or dog', { from: 4, to: 6 }, 'orin')).toEqual({ text: 'tag:orin dog', cursor: 9, isUnfinished: false });
    expect(acceptSuggestion('tag:or,x', { from: 4, to: 6 }, 'orin').text).toBe('tag:orin,x');
  });
});
