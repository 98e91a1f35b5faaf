// How a series of a line chart is drawn; each look differs from the others without color too.
import type { Chart, ChartDataset, LegendItem } from 'chart.js';
import type { LineSeries } from '../../shared/chart-description.js';

const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const MARKER = 'rectRot';
const LEVEL_DASH = [2, 4];
const MAX_POINTS_WITH_DOTS = 60;

type Look = Pick<
  ChartDataset<'line'>,
  | 'borderColor'
  | 'backgroundColor'
  | 'borderDash'
  | 'borderWidth'
  | 'pointRadius'
  | 'pointHoverRadius'
  | 'pointStyle'
  | 'pointBorderWidth'
  | 'pointBackgroundColor'
  | 'showLine'
  | 'stepped'
>;

/** Every key is there for every look, since chart.js keeps what a later look of the same dataset leaves out. */
export function lookOf({ look = 'line', points }: LineSeries, color: string, position: number): Look {
  const hasDots = look === 'line' && points.length <= MAX_POINTS_WITH_DOTS;
  const isMarkers = look === 'points';
  return {
    borderColor: color,
    backgroundColor: color,
    borderDash: isMarkers ? [] : look === 'level' ? LEVEL_DASH : (DASHES[position % DASHES.length] ?? []),
    borderWidth: 2,
    pointRadius: isMarkers ? 6 : hasDots ? 2.5 : 0,
    pointHoverRadius: isMarkers ? 8 : 4,
    pointStyle: isMarkers ? MARKER : 'circle',
    pointBorderWidth: isMarkers ? 2 : 1,
    pointBackgroundColor: isMarkers ? 'transparent' : color,
    showLine: !isMarkers,
    stepped: look === 'steps' ? 'before' : false,
  };
}

/** Entries of the legend with a piece of their line, or with their marker where they have no line. `plain`: chart.js' own entries. */
export function labelLooks(chart: Chart, plain: LegendItem[]): LegendItem[] {
  return plain.map((item) => {
    const dataset = chart.data.datasets[item.datasetIndex ?? -1] as ChartDataset<'line'> | undefined;
    // chart.js takes the style of a point for an entry, which has no dash.
    const lineDash = Array.isArray(dataset?.borderDash) ? dataset.borderDash.filter((px) => px !== undefined) : [];
    return { ...item, lineDash, lineWidth: 2, pointStyle: dataset?.showLine === false ? MARKER : 'line' };
  });
}
