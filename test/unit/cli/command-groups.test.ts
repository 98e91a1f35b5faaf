import { describe, expect, it } from 'vitest';
import { findCommandWord } from '../../../src/main/shells/cli/command-groups.js';
import { compiledCodeFolder } from '../../../src/main/shells/cli/keep-compiled-code.js';

describe('the command that a command line asks for', () => {
  it.each([
    [['run', 'list'], 'run'],
    [['--json', 'run', 'list'], 'run'],
    [['--data', 'testbed', 'run', 'list'], 'run'],
    [['--data=testbed', 'node', 'list'], 'node'],
    [['doctor', '--data', 'run'], 'doctor'],
  ])('of %j is %s', (words, word) => {
    expect(findCommandWord(words)).toBe(word);
  });

  it.each([[[]], [['--help']], [['--help', 'run']], [['help', 'run']], [['rnu', 'list']], [['--data', 'run']], [['--unknown', 'run']]])(
    'of %j is none that is known, so that all are there for the help or the advice',
    (words) => {
      expect(findCommandWord(words)).toBeNull();
    },
  );
});

describe('the folder of compiled code', () => {
  it('is the user’s own, never one of all users', () => {
    expect(compiledCodeFolder({ XDG_CACHE_HOME: '/home/ada/cache' }, 'linux')).toBe('/home/ada/cache/dedgeai-control-center/compiled-code');
    expect(compiledCodeFolder({ XDG_CACHE_HOME: 'cache' }, 'linux')).toMatch(/\/\.cache\/dedgeai-control-center\/compiled-code$/);
  });
});
