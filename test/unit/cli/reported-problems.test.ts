import { expect, test } from 'vitest';
import { ReportedProblems } from '../../../src/main/shells/cli/reported-problems.js';
import { CONNECTING } from '../../../src/shared/testbed.js';

const node = (nodeName: string, problem: string | null, isConnected = false) => ({ nodeName, isConnected, problem });

test('each cause is said once for each node, and not while a node has had no time to answer', () => {
  const problems = new ReportedProblems();

  expect(problems.news([node('ES 1', CONNECTING), node('ES 2', null, true)])).toEqual([]);
  expect(problems.news([node('ES 1', 'Its clock is wrong.'), node('ES 2', 'It fell silent.')])).toEqual([
    'ES 1 does not answer: Its clock is wrong.',
    'ES 2 does not answer: It fell silent.',
  ]);
  expect(problems.news([node('ES 1', 'Its clock is wrong.'), node('ES 2', 'It refused.')])).toEqual(['ES 2 does not answer: It refused.']);
});

test('what a node says of itself can not drive the terminal', () => {
  const [sentence = ''] = new ReportedProblems().news([node('ES 1', 'no\u001b[2Jway\nout')]);

  expect(sentence).toContain('way');
  expect(sentence.split(/\P{Cc}*/u).join('')).toBe('');
});
