const TIMES = 7;

/** The first time, when nothing was in memory, then of several more the median and the longest; CPU time is what it takes on a machine at rest. */
export async function measure(what: string, act: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let time = 0; time <= TIMES; time++) {
    const startedMs = performance.now();
    const before = process.cpuUsage();
    await act();
    const { user, system } = process.cpuUsage(before);
    times.push(performance.now() - startedMs);
    cpuTimes.push((user + system) / 1000);
  }
  const [first, ...others] = times;
  const median = (of: readonly number[]): number | undefined => of.toSorted((a, b) => a - b)[of.length >> 1];
  const show = (ms: number | undefined): string => `${(ms ?? NaN).toFixed(1).padStart(7)} ms`;
  process.stdout.write(
    `${what.padEnd(44)} first ${show(first)}, median ${show(median(others))}, longest ${show(Math.max(...others))}, CPU ${show(median(cpuTimes))}\n`,
  );
}
