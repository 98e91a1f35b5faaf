// Between which values the curves of a series' parts lie, at each share. A plugin of chart.js, drawn below the lines.
import type { Plugin } from 'chart.js';
import type { EcdfSeries } from '../../shared/chart-description.js';

const BAND_OPACITY = 0.16;

/** `bandOf` gives the band of a series by its position in the chart; empty where it has none. */
export function ecdfBandsPlugin(bandOf: (index: number) => NonNullable<EcdfSeries['band']>): Plugin<'line'> {
  return {
    id: 'ecdf-bands',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales, data } = chart;
      const { x: xScale, y: yScale } = scales;
      if (!xScale || !yScale) return;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
      ctx.clip();
      ctx.globalAlpha = BAND_OPACITY;
      data.datasets.forEach((dataset, index) => {
        const band = bandOf(index);
        if (band.length === 0 || !chart.isDatasetVisible(index)) return;
        ctx.fillStyle = typeof dataset.borderColor === 'string' ? dataset.borderColor : 'transparent';
        ctx.beginPath();
        for (const { share, low } of band) ctx.lineTo(xScale.getPixelForValue(low), yScale.getPixelForValue(share));
        for (const { share, high } of [...band].reverse()) ctx.lineTo(xScale.getPixelForValue(high), yScale.getPixelForValue(share));
        ctx.closePath();
        ctx.fill();
      });
      ctx.restore();
    },
  };
}
