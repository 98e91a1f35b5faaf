// The colors of the light page, for formats that have no variables.
import { CHART_COLORS } from '../../../../shared/chart-colors.js';
import type { Ink } from '../../../../shared/drawing.js';

const COLORS: Record<string, string> = { text: '#151a21', soft: '#4f5967', grid: '#e3e7ec', reference: '#4f5967', ...CHART_COLORS.light };

export function colorOfInk(ink: Ink): string {
  return COLORS[ink] ?? '#151a21';
}
