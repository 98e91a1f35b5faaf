import { computed, type ComputedRef } from 'vue';
import { useTheme } from '../composables/useTheme.js';
import { readChartTheme, type ChartTheme } from './chart-theme.js';

/** Reading the tokens makes the page compute its styles: once a theme, not with every change of the data. */
export function useChartTheme(): ComputedRef<ChartTheme> {
  const theme = useTheme();
  return computed(() => {
    void theme.applied.value;
    return readChartTheme();
  });
}
