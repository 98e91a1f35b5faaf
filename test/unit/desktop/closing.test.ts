import { describe, expect, it } from 'vitest';
import { Closing } from '../../../src/main/shells/electron/closing.js';
import type { Activity } from '../../../src/shared/activity.js';
import { buildActivity } from '../../support/activity-fixtures.js';

interface Question {
  message: string;
  answer(button: string): void;
}

/** A program with something going on; `left` is what each settling leaves, in turn. */
function harness({ going = [buildActivity()], left = [[]] as Activity[][], change = {} } = {}) {
  const did: string[] = [];
  const problems: string[] = [];
  const questions: Question[] = [];
  let heard = Promise.withResolvers<Question>();
  const closing = new Closing({
    activity: () => Promise.resolve(going),
    settle(how) {
      did.push(`settle ${how}`);
      return Promise.resolve(left.shift() ?? []);
    },
    ask: (question, signal) =>
      new Promise((resolve) => {
        const asked = { message: question.message, answer: (button: string) => resolve(question.buttons!.indexOf(button)) };
        signal.addEventListener('abort', () => resolve(question.cancelId!), { once: true });
        questions.push(asked);
        heard.resolve(asked);
      }),
    hide: () => void did.push('hide'),
    settling: (isGoing) => void did.push(isGoing ? 'start to settle' : 'end to settle'),
    end: () => void did.push('end'),
    isTrayUncertain: false,
    onProblem: (message) => void problems.push(message),
    ...change,
  });
  const question = async (): Promise<Question> => {
    const asked = await heard.promise;
    heard = Promise.withResolvers();
    return asked;
  };
  return { closing, did, problems, questions, question };
}

describe('Closing', () => {
  it('ends at once where nothing continues', async () => {
    const { closing, did, questions } = harness({ going: [] });
    await closing.request();
    expect(did).toEqual(['end']);
    expect(questions).toEqual([]);
    expect(closing.isDecided).toBe(true);
  });

  it.each([
    ['Keep Running in the Background', ['hide'], false],
    ['Pause and Close', ['start to settle', 'settle pause', 'end', 'end to settle'], true],
    ['Stop and Close', ['start to settle', 'settle stop', 'end', 'end to settle'], true],
    ['Cancel', [], false],
  ])('does what is answered: %s', async (button, does, isDecided) => {
    const { closing, did, question } = harness();
    const requested = closing.request();
    (await question()).answer(button);
    await requested;
    expect(did).toEqual(does);
    expect(closing.isDecided).toBe(isDecided);
  });

  it('asks once, however often it is requested', async () => {
    const { closing, questions, question } = harness();
    const requests = [closing.request(), closing.request(), closing.request()];
    (await question()).answer('Cancel');
    await Promise.all(requests);
    expect(questions).toHaveLength(1);
    // And again for the next wish.
    void closing.request();
    await question();
    expect(questions).toHaveLength(2);
  });

  it('asks what to do about what has not come to a stop, and waits on', async () => {
    const { closing, did, question } = harness({ left: [[buildActivity()], []] });
    const requested = closing.request();
    (await question()).answer('Pause and Close');
    const rest = await question();
    expect(rest.message).toBe('1 run has not come to a stop yet');
    rest.answer('Wait');
    await requested;
    expect(did).toEqual(['start to settle', 'settle pause', 'settle pause', 'end', 'end to settle']);
  });

  it.each([
    ['Close Now', true],
    ['Don’t Close', false],
  ])('leaves it to anyone who asks when not all has come to a stop: %s', async (button, isDecided) => {
    const { closing, question } = harness({ left: [[buildActivity()]] });
    const requested = closing.request();
    (await question()).answer('Pause and Close');
    (await question()).answer(button);
    await requested;
    expect(closing.isDecided).toBe(isDecided);
  });

  it('can be hurried while it settles', async () => {
    const started = Promise.withResolvers<null>();
    const settle = (): Promise<never> => {
      started.resolve(null);
      return new Promise(() => undefined);
    };
    const { closing, question } = harness({ change: { settle } });
    void closing.request();
    (await question()).answer('Pause and Close');
    await started.promise;
    const hurried = closing.request();
    (await question()).answer('Close Now');
    await hurried;
    expect(closing.isDecided).toBe(true);
  });

  it('says so where it cannot be told what is in progress', async () => {
    const change = { activity: () => Promise.reject(new Error('no answer')) };
    const kept = harness({ change });
    const requested = kept.closing.request();
    (await kept.question()).answer('Cancel');
    await requested;
    expect(kept.closing.isDecided).toBe(false);
    const closed = harness({ change });
    const again = closed.closing.request();
    (await closed.question()).answer('Close');
    await again;
    expect(closed.closing.isDecided).toBe(true);
  });

  it('ends where the core cannot settle, and says why', async () => {
    const { closing, problems, question } = harness({ change: { settle: () => Promise.reject(new Error('the core is gone')) } });
    const requested = closing.request();
    (await question()).answer('Pause and Close');
    await requested;
    expect(closing.isDecided).toBe(true);
    expect(problems.join()).toContain('the core is gone');
  });

  it('pauses without a question when the session ends, whatever was asked before', async () => {
    const { closing, did, question } = harness();
    const requested = closing.request();
    await question();
    await closing.endSession();
    await requested;
    expect(did).toEqual(['settle pause', 'end']);
  });

  it('lets the program end after a signal, and withdraws its question', async () => {
    const { closing, did, question } = harness();
    const requested = closing.request();
    await question();
    closing.release();
    await requested;
    expect(closing.isDecided).toBe(true);
    expect(did).toEqual([]);
  });
});
