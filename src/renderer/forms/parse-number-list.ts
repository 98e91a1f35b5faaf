/** Numbers of a text such as `1, 0.5 2`; null is in place of a part that is no number, so that a schema can refuse it. */
export function parseNumberList(text: string): (number | null)[] {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => (Number.isFinite(Number(part)) ? Number(part) : null));
}
