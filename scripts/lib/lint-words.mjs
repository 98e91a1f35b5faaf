// The word list over the pages of the docs; over the code ESLint applies it (words/plain-words-rule.mjs).
import { readdirSync, readFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { fromProject } from './paths.mjs';
import { describeWord, findWordsInPage } from './words/find-words.mjs';

/** It names the words that are not used. */
const QUOTING = ['docs/glossary.md'];

/** Throws a Failure that names page, line and word of each. */
export function lintWords() {
  const inFolders = ['docs', 'src', 'test'].flatMap((folder) =>
    readdirSync(fromProject(folder), { recursive: true }).map((path) => `${folder}/${path.replaceAll('\\', '/')}`),
  );
  const found = ['README.md', 'CONTRIBUTING.md', ...inFolders.sort()]
    .filter((path) => path.endsWith('.md') && !path.includes('/fixtures/') && !QUOTING.includes(path))
    .flatMap((page) =>
      findWordsInPage(readFileSync(fromProject(page), 'utf8')).map(
        ({ phrase, instead, line }) => `${page}:${line}: ${describeWord(phrase, instead)}`,
      ),
    );
  if (found.length > 0) throw new Failure(`${found.join('\n')}\n${found.length} words of the docs are not used here.`);
}
