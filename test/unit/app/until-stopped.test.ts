// How a program that a terminal or a launcher has started ends. On a clock of its own: the five seconds are a promise, no measure of speed.
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilStopped } from '../../../src/main/shells/web/until-stopped.js';

let program: EventEmitter & { exit: ReturnType<typeof vi.fn>; disconnect: ReturnType<typeof vi.fn>; connected: boolean };
let hasStopped: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  program = Object.assign(new EventEmitter(), { exit: vi.fn(), disconnect: vi.fn(), connected: true });
  hasStopped = false;
  void untilStopped(program as unknown as NodeJS.Process).then(() => (hasStopped = true));
});
afterEach(() => vi.useRealTimers());

describe('a program that is asked to end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('starts to at %s, and is cut off before five seconds have passed', async (ask) => {
    program.emit(ask);
    await vi.advanceTimersByTimeAsync(0);
    expect(hasStopped).toBe(true);
    expect(program.exit).not.toHaveBeenCalled();

    await vi.advanceTimersByTimeAsync(5_000);
    expect(program.exit).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('lets go of its launcher, which waits for its end', () => {
    program.emit('SIGTERM');
    expect(program.disconnect).toHaveBeenCalledOnce();
  });

  it('takes the echo of a Ctrl-C for the same one, and a later one for impatience', async () => {
    program.emit('SIGINT');
    await vi.advanceTimersByTimeAsync(100);
    program.emit('SIGINT');
    expect(program.exit).not.toHaveBeenCalled();

    await vi.advanceTimersByTimeAsync(1_000);
    program.emit('SIGINT');
    expect(program.exit).toHaveBeenCalledExactlyOnceWith(130);
  });
});
