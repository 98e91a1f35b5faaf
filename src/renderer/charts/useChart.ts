import type { ChartConfiguration, ChartType } from 'chart.js';
import { onBeforeUnmount, onMounted, watch, type ShallowRef } from 'vue';
import { Chart } from './chart-setup.js';
import type { ChartTheme } from './chart-theme.js';
import { useChartTheme } from './useChartTheme.js';
import { useWhenSeen } from './useWhenSeen.js';

/**
 * Keeps one chart.js chart on a canvas: made when mounted, updated in place when `configure`'s inputs or the theme change and someone
 * sees it (recreated never), destroyed with the component.
 */
export function useChart<Type extends ChartType>(
  canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>,
  configure: (theme: ChartTheme) => ChartConfiguration<Type>,
): void {
  const theme = useChartTheme();
  let chart: Chart<Type> | null = null;
  const currentConfiguration = (): ChartConfiguration<Type> => configure(theme.value);
  // Within a frame of its own, not with the change of the page that came with the same data.
  let frame = 0;
  const update = useWhenSeen(canvas, () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(redraw);
  });
  function redraw(): void {
    if (!chart) return;
    const next = currentConfiguration();
    chart.data.labels = next.data.labels ?? [];
    mergeDatasets(chart, next.data.datasets);
    if (next.options) chart.options = next.options;
    // Not 'none': that mode leaves the options that bars and points share as they were, so colors would stay those of the old theme.
    chart.update();
  }

  onMounted(() => {
    if (canvas.value) chart = new Chart<Type>(canvas.value, currentConfiguration());
  });
  watch(currentConfiguration, update);
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame);
    chart?.destroy();
    chart = null;
  });
}

/** Replaces data in the existing datasets by position, so that hidden series stay hidden. */
function mergeDatasets<Type extends ChartType>(chart: Chart<Type>, next: Chart<Type>['data']['datasets']): void {
  const current = chart.data.datasets;
  next.forEach((dataset, index) => {
    const existing = current[index];
    if (existing) Object.assign(existing, dataset);
    else current.push(dataset);
  });
  current.length = next.length;
}
