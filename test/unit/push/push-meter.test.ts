import { expect, test } from 'vitest';
import { PushMeter } from '../../../src/main/domain/models/push/push-meter.js';
import type { PushProgress } from '../../../src/shared/model-push.js';

function meterOf(totalBytes: number) {
  const clock = { nowMs: 0 };
  const reports: PushProgress[] = [];
  const meter = new PushMeter({ totalBytes, nowMs: () => clock.nowMs, report: (progress) => reports.push(progress) });
  return { meter, clock, last: () => reports.at(-1)!, reports };
}

test('the rate and the time left are those of what arrives, not of what was found', () => {
  const { meter, clock, last } = meterOf(1000);
  meter.addFound(400);
  meter.enter('sending');
  clock.nowMs = 1000;
  meter.addSent(100);

  expect(last()).toMatchObject({ doneBytes: 500, foundBytes: 400, sentBytes: 100, bytesPerSec: 100, remainingSec: 5 });
});

test('bytes that were sent count once, whether they are on the way or in the file', () => {
  const { meter, last } = meterOf(1000);
  meter.addSent(300);
  meter.addWritten(300, true);
  meter.enter('sending');

  expect(last().doneBytes).toBe(300);
});

test('a block that came by two ways counts once', () => {
  const { meter, last } = meterOf(1000);
  meter.addRelayed(300);
  meter.addSent(300);
  meter.addWritten(300, false);
  meter.enter('sending');

  expect(last()).toMatchObject({ doneBytes: 300, relayedBytes: 300, sentBytes: 300 });
});

test('a new connection forgets what was known to be there, and keeps what was sent', () => {
  const { meter, last } = meterOf(1000);
  meter.addSent(300);
  meter.restart();
  meter.addFound(200);
  meter.enter('sending');

  expect(last()).toMatchObject({ doneBytes: 200, foundBytes: 200, sentBytes: 300 });
});

test('reports come a few times a second, and at once when the state changes', () => {
  const { meter, clock, reports } = meterOf(1000);
  for (let sent = 0; sent < 50; sent++) {
    clock.nowMs += 10;
    meter.addSent(1);
  }
  expect(reports.length).toBeLessThanOrEqual(3);
  meter.enter('finishing');
  expect(reports.at(-1)?.state).toBe('finishing');
});
