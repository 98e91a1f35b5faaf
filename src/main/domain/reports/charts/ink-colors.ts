// The colors of the light page, for formats that have no variables.
import type { Ink } from '../../../../shared/drawing.js';

const COLORS: Record<string, string> = {
  ...{ text: '#151a21', soft: '#4f5967', grid: '#e3e7ec', reference: '#4f5967' },
  ...{ 'series-1': '#2f6de4', 'series-2': '#692103', 'series-3': '#0d6a45' },
  ...{ 'series-4': '#d3347b', 'series-5': '#8b730c', 'series-6': '#48276c' },
  ...{ 'part-upload': '#247f9e', 'part-waiting': '#976e35', 'part-compute': '#0e3db7' },
  ...{ 'part-download': '#064113', 'part-resend': '#6f7b88', 'part-control': '#742c51' },
};

export function colorOfInk(ink: Ink): string {
  return COLORS[ink] ?? '#151a21';
}
