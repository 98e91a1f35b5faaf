/** Row that a navigation key leads to from `index` of `count` rows, or null when the key is none or nothing moves. */
export function findNextRow(key: string, index: number, count: number, pageRows: number): number | null {
  const last = count - 1;
  const target = (() => {
    switch (key) {
      case 'ArrowDown':
        return index + 1;
      case 'ArrowUp':
        return index - 1;
      case 'PageDown':
        return index + pageRows;
      case 'PageUp':
        return index - pageRows;
      case 'Home':
        return 0;
      case 'End':
        return last;
      default:
        return index;
    }
  })();
  const next = Math.min(last, Math.max(0, target));
  return next === index || last < 0 ? null : next;
}
