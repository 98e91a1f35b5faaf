/** Wall-clock epoch milliseconds that never run backwards while the process lives, whatever NTP does. */
export function steadyNowMs(): number {
  return performance.timeOrigin + performance.now();
}
