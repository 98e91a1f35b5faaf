// The table that the measurement of the window prints: each figure beside its limit, and what is over it named once more at the end.

export interface Figure {
  what: string;
  /** Of several measurements, the one that counts is the median. */
  values: readonly number[];
  unit: 'ms' | 'kB' | 'tasks' | '%';
  /** Null for what is only told. */
  limit: number | null;
  detail?: string;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN;
}

export function isOver({ values, limit }: Figure): boolean {
  return limit !== null && !(median(values) <= limit);
}

export function printFigure(figure: Figure): void {
  const { what, values, unit, limit, detail } = figure;
  const shown = (value: number): string => `${value >= 100 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)}`;
  const range = values.length > 1 ? ` (${shown(Math.min(...values))} to ${shown(Math.max(...values))}, ${values.length} times)` : '';
  const verdict = limit === null ? '' : isOver(figure) ? '  OVER' : '  ok';
  const bound = limit === null ? '' : `at most ${limit}`;
  const figures = `${shown(median(values)).padStart(7)} ${unit.padEnd(5)} ${bound.padEnd(12)}${verdict.padEnd(6)}`;
  process.stdout.write(`${what.padEnd(58)} ${figures}${range}${detail ? `  ${detail}` : ''}\n`);
}
