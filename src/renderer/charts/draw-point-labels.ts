// Words beside the few points of a line chart that carry some, and ticks of axes that count in powers of ten. A plugin of chart.js.
import type { Plugin } from 'chart.js';
import type { LinePoint } from '../../shared/chart-description.js';
import type { ChartTheme } from './chart-theme.js';

const GAP_PX = 9;
const LINE_PX = 14;

/** Labels that would lie on each other are moved down by a line; those at the right edge stand left of their point. */
export function pointLabelsPlugin(theme: () => ChartTheme): Plugin<'line'> {
  return {
    id: 'point-labels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea } = chart;
      const { ink, surface, fontFamily } = theme();
      const taken: { left: number; right: number; y: number }[] = [];
      ctx.save();
      ctx.font = `12px ${fontFamily}`;
      ctx.textBaseline = 'middle';
      ctx.lineJoin = 'round';
      chart.data.datasets.forEach(({ data }, index) => {
        if (!chart.isDatasetVisible(index)) return;
        const drawn = chart.getDatasetMeta(index).data;
        (data as unknown as readonly LinePoint[]).forEach(({ label }, position) => {
          const point = drawn[position];
          if (label === undefined || point === undefined || !Number.isFinite(point.y)) return;
          const width = ctx.measureText(label).width;
          const isLeft = point.x + GAP_PX + width > chartArea.right;
          const left = isLeft ? point.x - GAP_PX - width : point.x + GAP_PX;
          let y = point.y;
          while (taken.some((other) => Math.abs(other.y - y) < LINE_PX && left < other.right && other.left < left + width)) y += LINE_PX;
          taken.push({ left, right: left + width, y });
          ctx.lineWidth = 4;
          ctx.strokeStyle = surface;
          ctx.strokeText(label, left, y);
          ctx.fillStyle = ink;
          ctx.fillText(label, left, y);
        });
      });
      ctx.restore();
    },
  };
}

/** Whole powers of ten in full, nothing between. */
export function tickOfPowers(tick: string | number): string {
  const value = Number(tick);
  const power = Math.log10(value);
  if (!Number.isFinite(power) || Math.abs(power - Math.round(power)) > 1e-9) return '';
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
