import type { ChartConfiguration, ChartType } from 'chart.js';
import { computed, onBeforeUnmount, onMounted, watch, type ShallowRef } from 'vue';
import { useTheme } from '../composables/useTheme.js';
import { Chart } from './chart-setup.js';
import { readChartTheme, type ChartTheme } from './chart-theme.js';
import { useWhenSeen } from './useWhenSeen.js';

/**
 * Keeps one chart.js chart on a canvas: made when mounted, updated in place when `configure`'s inputs or the theme change and someone
 * sees it (recreated never), destroyed with the component.
 */
export function useChart<Type extends ChartType>(
  canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>,
  configure: (theme: ChartTheme) => ChartConfiguration<Type>,
): void {
  const theme = useTheme();
  let chart: Chart<Type> | null = null;
  // Reading the tokens makes the page compute its styles: once a theme, not with every change of the data.
  const chartTheme = computed(() => ({ name: theme.applied.value, ...readChartTheme() }));
  const currentConfiguration = (): ChartConfiguration<Type> => configure(chartTheme.value);
  const update = useWhenSeen(canvas, () => {
    if (!chart) return;
    const next = currentConfiguration();
    chart.data.labels = next.data.labels ?? [];
    mergeDatasets(chart, next.data.datasets);
    if (next.options) chart.options = next.options;
    // Not 'none': that mode leaves the options that bars and points share as they were, so colors would stay those of the old theme.
    chart.update();
  });

  onMounted(() => {
    if (canvas.value) chart = new Chart<Type>(canvas.value, currentConfiguration());
  });
  watch(currentConfiguration, update);
  onBeforeUnmount(() => chart?.destroy());
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
