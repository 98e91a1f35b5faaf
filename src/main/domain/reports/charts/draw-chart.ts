import type { ChartDescription } from '../../../../shared/chart-description.js';
import { assertNever } from '../../../../shared/errors.js';
import { drawBars } from './draw-bars.js';
import { drawBoxes } from './draw-boxes.js';
import { drawEcdf, drawLines } from './draw-lines.js';
import { drawTimeline } from './draw-timeline.js';
import type { Drawing } from '../../../../shared/drawing.js';

export function drawChart(chart: ChartDescription): Drawing {
  switch (chart.kind) {
    case 'bars':
      return drawBars(chart);
    case 'boxes':
      return drawBoxes(chart);
    case 'lines':
      return drawLines(chart);
    case 'ecdf':
      return drawEcdf(chart);
    case 'timeline':
      return drawTimeline(chart);
    default:
      return assertNever(chart);
  }
}
