import { Linter } from 'eslint';
import { describe, expect, it, test } from 'vitest';
import vueParser from 'vue-eslint-parser';

interface FoundPhrase {
  phrase: string;
  instead: string;
  line: number;
}

// The scripts are plain JavaScript without types.
const FOLDER = '../../../scripts/lib/words';
const { findWordsInName, findWordsInPage } = (await import(`${FOLDER}/find-words.mjs`)) as {
  findWordsInName(name: string): [string, string][];
  findWordsInPage(page: string): FoundPhrase[];
};
const { plainWords } = (await import(`${FOLDER}/plain-words-rule.mjs`)) as { plainWords: object };

describe('a name', () => {
  it('is found by its parts, whatever their case', () => {
    expect(findWordsInName('#isYardstickOf')).toEqual([['yardstick', 'baseline']]);
    expect(findWordsInName('YARDSTICK_MS')).toEqual([['yardstick', 'baseline']]);
    expect(findWordsInName('neighbourCount')).toEqual([['neighbour', 'neighbor']]);
  });

  it('is left alone when it only holds the letters, or belongs to another package', () => {
    expect(findWordsInName('yardstickers')).toEqual([]);
    expect(findWordsInName('beginAtZero')).toEqual([]);
  });
});

test('a page is held to the list in its prose, with the line; code is quoted', () => {
  const page = 'One.\n\n`yardstick` and\nwhat was\nlearnt.\n\n```\nyardstick\n```\n\nA Yardstick.';

  expect(findWordsInPage(page)).toEqual([
    { phrase: 'learnt', instead: 'learned', line: 5 },
    { phrase: 'Yardstick', instead: 'baseline', line: 11 },
  ]);
});

describe('the rule of the linter', () => {
  const linter = new Linter();
  const lint = (code: string, options: { texts?: boolean } = {}, filename = 'some.js') =>
    linter
      .verify(
        code,
        {
          files: ['**/*.js', '**/*.vue'],
          languageOptions: { ...(filename.endsWith('.vue') && { parser: vueParser }), ecmaVersion: 'latest', sourceType: 'module' },
          plugins: { local: { rules: { 'plain-words': plainWords } } },
          rules: { 'local/plain-words': ['error', options] },
        } as Linter.Config,
        filename,
      )
      .map(({ line, message }) => `${line}: ${message}`);

  it('names the word, what is written instead, and where it says so', () => {
    expect(lint('const yardstickMs = 1;\nexport { yardstickMs as ms };')).toEqual([
      '1: "yardstick" is not used here: baseline (docs/glossary.md).',
      '2: "yardstick" is not used here: baseline (docs/glossary.md).',
    ]);
  });

  it('looks into sentences and templates, and not into strings that are names', () => {
    expect(lint("const texts = ['the yardstick', 'yardstick', `${texts} learnt`];").map((message) => message.slice(0, 15))).toEqual([
      '1: "yardstick" ',
      '1: "learnt" is ',
    ]);
    expect(lint("const texts = ['the yardstick', `learnt ${texts}`];", { texts: false })).toEqual([]);
  });

  it("looks into the window's markup", () => {
    const view = '<template>\n  <p title="the yardstick"> It learnt {{ yardstick }}.\n  </p>\n</template>';

    expect(
      lint(view, {}, 'View.vue')
        .map((message) => message.slice(0, 14))
        .sort(),
    ).toEqual(['2: "learnt" is', '2: "yardstick"', '2: "yardstick"']);
  });
});
