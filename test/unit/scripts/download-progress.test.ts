// What a download says of itself while it is in progress, on a terminal and elsewhere.
import { beforeEach, describe, expect, it } from 'vitest';

interface Progress {
  show(bytes: number, totalBytes: number | null): void;
  say(text: string): void;
  end(): void;
}

// The scripts are plain JavaScript without types.
const MODULE = '../../../scripts/lib/electron/progress.mjs';
const { createProgress } = (await import(MODULE)) as {
  createProgress(stream: { isTTY: boolean; write(text: string): void }, now: () => number): Progress;
};

const TOTAL = 120_000_000;
let written: string;
let nowMs: number;

beforeEach(() => {
  written = '';
  nowMs = 1_000_000;
});

const onStream = (isTTY: boolean): Progress => createProgress({ isTTY, write: (text) => (written += text) }, () => nowMs);

/** Bytes coming evenly, told ten times a second. */
function receive(progress: Progress, fromBytes: number, bytesPerSec: number, seconds: number, totalBytes: number | null = TOTAL): void {
  for (let tenth = 1; tenth <= seconds * 10; tenth++) {
    nowMs += 100;
    progress.show(fromBytes + (bytesPerSec / 10) * tenth, totalBytes);
  }
}

describe('outside a terminal', () => {
  it('is a line every five seconds with amount, rate and what is left', () => {
    receive(onStream(false), 0, 2_000_000, 11);
    expect(written).toBe('  10.0 of 120.0 MB, 2.0 MB/s, about 55 s left\n  20.0 of 120.0 MB, 2.0 MB/s, about 50 s left\n');
  });

  it('tells the rate of now, not of all the time', () => {
    const progress = onStream(false);
    receive(progress, 0, 8_000_000, 5);
    written = '';
    receive(progress, 40_000_000, 100_000, 10);
    expect(written.split('\n').at(-2)).toBe('  41.0 of 120.0 MB, 100 kB/s, about 13 min left');
  });

  it('does without an estimate where the size is unknown', () => {
    receive(onStream(false), 0, 2_000_000, 5, null);
    expect(written).toBe('  10.0 MB, 2.0 MB/s\n');
  });

  it('starts its rate again when the download starts again', () => {
    const progress = onStream(false);
    receive(progress, 50_000_000, 1_000_000, 4);
    receive(progress, 0, 1_000_000, 1);
    expect(written).toBe('  1.0 of 120.0 MB, 1.0 MB/s, about 2 min left\n');
  });
});

describe('on a terminal', () => {
  it('is one line that is written over, left standing at the end', () => {
    const progress = onStream(true);
    receive(progress, 0, 2_000_000, 1);
    progress.end();
    expect(written.split('\n')).toHaveLength(2);
    expect(written.split('\r\u001b[K').at(-1)).toMatch(/^ {2}\d\.\d of 120\.0 MB, 2\.0 MB\/s, about \d\d s left\n$/);
  });

  it('gives way to a line of words', () => {
    const progress = onStream(true);
    receive(progress, 0, 2_000_000, 1);
    progress.say('trying again ...');
    expect(written).toMatch(/left\ntrying again \.\.\.\n$/);
  });
});
