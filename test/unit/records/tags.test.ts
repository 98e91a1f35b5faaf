import { expect, it } from 'vitest';
import { findTagProblem, normalizeTag } from '../../../src/shared/tags.js';
import { tagSchema } from '../../../src/shared/api/history-inputs.js';

it('keeps a tag in lower case, without its # and the blanks around it', () => {
  expect(normalizeTag('  #Rack-A ')).toBe('rack-a');
  expect(tagSchema.parse('#Rack-A')).toBe('rack-a');
});

it.each([
  ['', 'at least one'],
  ['a'.repeat(41), 'at most 40'],
  ['two words', "“two words” can't be a tag: use only letters, digits"],
  ['-dash', "“-dash” can't be a tag: start with a letter or digit"],
  ['##double', "“#double” can't be a tag: use only letters"],
])('says what is wrong with “%s”, to a form and to the API alike', (typed, words) => {
  expect(findTagProblem(normalizeTag(typed))).toContain(words);
  expect(tagSchema.safeParse(typed).error?.issues.map(({ message }) => message)).toEqual([findTagProblem(normalizeTag(typed))]);
});

it.each(['orin', 'größe', 'a/b', 'v1.2+x', '７'])('takes “%s”', (tag) => {
  expect(findTagProblem(tag)).toBeNull();
  expect(tagSchema.parse(tag)).toBe(tag);
});
