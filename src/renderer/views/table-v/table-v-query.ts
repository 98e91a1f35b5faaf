// The comparison's settings in the address of the page, so that a comparison can be linked, gone back to and exported as seen. Pure.
import type { LocationQuery } from 'vue-router';
import type { MenuItem } from '../../components/menu-item.js';
import type { ComparisonInput } from '../../../shared/api/inputs.js';

export const TABLE_V_TABS = ['table', 'reductions', 'cost', 'sources'] as const;
export type TableVTab = (typeof TABLE_V_TABS)[number];

export interface TableVSettings extends ComparisonInput {
  tab: TableVTab;
  /** Row that reductions are of; null takes the default. */
  referenceRowId: string | null;
  /** Row whose cost is shown; null takes the default. */
  costRowId: string | null;
  /** Row whose details are open. */
  openRowId: string | null;
  /** Every |N| that was measured, also where they are many. */
  showsAllCounts: boolean;
  /** |N| of the charts. */
  chartCount: number;
  isLogarithmic: boolean;
}

export const MAX_CLOUD_CONCURRENCY = 100;
const DEFAULT_CHART_COUNT = 100;

/** Reads what an address says; anything it does not say, or says wrongly, is the default. */
export function readTableVQuery(query: LocationQuery): TableVSettings {
  const runIds = textOf(query['runs'])?.split(',').filter(Boolean) ?? [];
  const seriesId = textOf(query['series']);
  return {
    runIds: runIds.length > 0 ? runIds : null,
    ...(seriesId === undefined ? {} : { seriesId }),
    includeInvalid: textOf(query['invalid']) === 'yes',
    cloudConcurrency: wholeOf(query['concurrency'], 1, MAX_CLOUD_CONCURRENCY) ?? 1,
    tab: TABLE_V_TABS.find((tab) => tab === query['tab']) ?? 'table',
    referenceRowId: textOf(query['reference']) ?? null,
    costRowId: textOf(query['cost']) ?? null,
    openRowId: textOf(query['row']) ?? null,
    showsAllCounts: textOf(query['counts']) === 'all',
    chartCount: wholeOf(query['chart'], 1, 1_000_000) ?? DEFAULT_CHART_COUNT,
    isLogarithmic: textOf(query['scale']) === 'log',
  };
}

/** The address query of these settings; defaults are left out. */
export function writeTableVQuery(settings: TableVSettings): Record<string, string> {
  return {
    ...(settings.runIds !== null && { runs: settings.runIds.join(',') }),
    ...(settings.seriesId !== undefined && { series: settings.seriesId }),
    ...(settings.includeInvalid && { invalid: 'yes' }),
    ...(settings.cloudConcurrency !== 1 && { concurrency: String(settings.cloudConcurrency) }),
    ...(settings.tab !== 'table' && { tab: settings.tab }),
    ...(settings.referenceRowId !== null && { reference: settings.referenceRowId }),
    ...(settings.costRowId !== null && { cost: settings.costRowId }),
    ...(settings.openRowId !== null && { row: settings.openRowId }),
    ...(settings.showsAllCounts && { counts: 'all' }),
    ...(settings.chartCount !== DEFAULT_CHART_COUNT && { chart: String(settings.chartCount) }),
    ...(settings.isLogarithmic && { scale: 'log' }),
  };
}

/** What the core is asked. */
export function toComparisonInput({ runIds, seriesId, includeInvalid, cloudConcurrency }: ComparisonInput): ComparisonInput {
  return { runIds, ...(seriesId === undefined ? {} : { seriesId }), includeInvalid, cloudConcurrency };
}

/** Downloads of the comparison as it is seen. */
export function listComparisonExports({ runIds, seriesId, includeInvalid, cloudConcurrency }: ComparisonInput): MenuItem[] {
  const parameters = new URLSearchParams({ cloudConcurrency: String(cloudConcurrency), includeInvalid: String(includeInvalid) });
  if (runIds !== null) parameters.set('runIds', runIds.join(','));
  if (seriesId !== undefined) parameters.set('seriesId', seriesId);
  const address = (format: string): string => `/exports/comparison.${format}?${parameters.toString()}`;
  return [
    { label: 'CSV', hint: 'One row a platform', href: address('csv') },
    { label: 'JSON', hint: 'Everything, for programs', href: address('json') },
    { label: 'HTML report', hint: 'One file to read and pass on', href: address('html') },
  ];
}

/** The command that makes the same comparison. */
export function toTableVCommand({ runIds, seriesId, includeInvalid, cloudConcurrency }: ComparisonInput): string {
  return [
    'npm run cli -- compare',
    ...(runIds === null ? [] : [`--run ${runIds.join(' ')}`]),
    ...(seriesId === undefined ? [] : [`--series ${seriesId}`]),
    ...(cloudConcurrency === 1 ? [] : [`--concurrency ${cloudConcurrency}`]),
    ...(includeInvalid ? ['--include-invalid'] : []),
  ].join(' ');
}

function textOf(value: LocationQuery[string] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function wholeOf(value: LocationQuery[string] | undefined, min: number, max: number): number | null {
  const number = Number(textOf(value));
  return Number.isInteger(number) && number >= min && number <= max ? number : null;
}
