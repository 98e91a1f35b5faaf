import { describe, expect, it } from 'vitest';
import { confirmRemoval } from '../../../src/main/shells/cli/confirm-removal.js';

const WHAT = 'This removes run run-1.';

function answering(answer: boolean | null) {
  const asked: string[] = [];
  const confirm = (question: string): Promise<boolean> => {
    asked.push(question);
    return Promise.resolve(answer === true);
  };
  return { asked, canAsk: () => answer !== null, confirm };
}

describe('confirmRemoval', () => {
  it.each([true, false])('asks on a terminal, and heeds the answer %s', async (answer) => {
    const terminal = answering(answer);
    expect(await confirmRemoval(WHAT, { yes: false }, terminal)).toBe(answer);
    expect(terminal.asked).toEqual(["This removes run run-1. It can't be undone. Continue?"]);
  });

  it('asks nothing with --yes', async () => {
    const terminal = answering(false);
    expect(await confirmRemoval(WHAT, { yes: true }, terminal)).toBe(true);
    expect(terminal.asked).toEqual([]);
  });

  it('refuses where no one can be asked, and names --yes', async () => {
    const refused = confirmRemoval(WHAT, { yes: false }, answering(null));
    await expect(refused).rejects.toMatchObject({
      code: 'invalid-input',
      message: "This removes run run-1. It can't be undone.",
      hint: 'Add --yes.',
    });
  });
});
