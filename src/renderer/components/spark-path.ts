// The path of a little curve, from 0 at the bottom to the largest value at the top; pure.

interface SparkBox {
  widthPx: number;
  heightPx: number;
  /** The value at the top; the largest of them when null. */
  max?: number | null;
}

/** As SVG path data. A value alone between gaps is a dot; without any value the path is empty. */
export function sparkPath(values: readonly (number | null)[], { widthPx, heightPx, max = null }: SparkBox): string {
  const known = values.filter((value) => value !== null);
  const top = max ?? Math.max(0, ...known);
  const stepPx = values.length > 1 ? widthPx / (values.length - 1) : 0;
  const y = (value: number): number => (top <= 0 ? heightPx : heightPx - (Math.min(value, top) / top) * heightPx);
  const parts: string[] = [];
  let isDrawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const point = `${round(values.length > 1 ? index * stepPx : widthPx)} ${round(y(value))}`;
    // A line of no length is drawn as a dot, since its ends are round.
    const isAlone = !isDrawing && (values[index + 1] ?? null) === null;
    parts.push(isDrawing ? `L${point}` : `M${point}${isAlone ? `L${point}` : ''}`);
    isDrawing = true;
  });
  return parts.join('');
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
