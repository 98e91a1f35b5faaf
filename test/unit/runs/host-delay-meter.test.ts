import { describe, expect, it } from 'vitest';
import { HostDelayMeter, type MeterClock } from '../../../src/main/domain/runs/host-delay-meter.js';

/** A clock that moves only when told, and wakes anyone who waits as late as told. */
class StubbornClock implements MeterClock {
  #nowMs = 0;
  #waiting: { dueMs: number; act: () => void } | null = null;

  nowMs(): number {
    return this.#nowMs;
  }

  after(realMs: number, act: () => void): () => void {
    const waiting = { dueMs: this.#nowMs + realMs, act };
    this.#waiting = waiting;
    return () => {
      if (this.#waiting === waiting) this.#waiting = null;
    };
  }

  /** The next timer fires so late. False when none is set. */
  fire(lateMs: number): boolean {
    const waiting = this.#waiting;
    if (!waiting) return false;
    this.#waiting = null;
    this.#nowMs = waiting.dueMs + lateMs;
    waiting.act();
    return true;
  }
}

describe('the host delay meter', () => {
  it('has nothing to say before its first sample', () => {
    expect(new HostDelayMeter(null, new StubbornClock()).reading()).toBeNull();
  });

  it('averages how late its timer was', () => {
    const clock = new StubbornClock();
    const meter = new HostDelayMeter(null, clock);
    meter.start();
    for (const lateMs of [1, 0, 2, 1]) clock.fire(lateMs);
    expect(meter.reading()).toEqual({ meanMs: 1, maxMs: 2, sampleCount: 4 });
  });

  it('counts a long block as the events that would have come within it', () => {
    const clock = new StubbornClock();
    const meter = new HostDelayMeter(null, clock);
    meter.start();
    clock.fire(100);
    // 100, 80, 60, 40, 20 and 0 ms.
    expect(meter.reading()).toEqual({ meanMs: 50, maxMs: 100, sampleCount: 6 });
  });

  it('continues with what was measured before an interruption', () => {
    const clock = new StubbornClock();
    const meter = new HostDelayMeter({ meanMs: 4, maxMs: 8, sampleCount: 3 }, clock);
    meter.start();
    clock.fire(0);
    expect(meter.reading()).toEqual({ meanMs: 3, maxMs: 8, sampleCount: 4 });
  });

  it('measures nothing once it is stopped, and one timer however often it is started', () => {
    const clock = new StubbornClock();
    const meter = new HostDelayMeter(null, clock);
    meter.start();
    meter.start();
    clock.fire(1);
    meter.stop();
    expect(clock.fire(1)).toBe(false);
    expect(meter.reading()?.sampleCount).toBe(1);
  });

  it('waits no negative time when it was held up between reading the clock and setting its timer', () => {
    let nowMs = 0;
    const waitsMs: number[] = [];
    let wake: () => void = () => undefined;
    const meter = new HostDelayMeter(null, {
      nowMs: () => (nowMs += 30),
      after(realMs, act) {
        waitsMs.push(realMs);
        wake = act;
        return () => undefined;
      },
    });
    meter.start();
    wake();
    expect(waitsMs).toEqual([0, 0]);
    // Due at 50, fired at 90: being held up counts like any other lateness.
    expect(meter.reading()?.maxMs).toBe(40);
  });
});
