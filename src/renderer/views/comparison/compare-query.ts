// What is compared and how, in the address of the page, so that a comparison can be linked, gone back to and exported as seen. Pure.
import type { LocationQuery } from 'vue-router';
import type { RunComparisonRequest } from '../../../shared/api/run-comparison-inputs.js';
import { MAX_COMPARED_RUNS, RUN_GROUPINGS, type ComparisonExport } from '../../../shared/run-comparison.js';

/** Exactly what is asked for: `reference` is a run whose group the others are held to; null takes the first. */
export type CompareSettings = RunComparisonRequest;

/** Reads what an address says; anything it does not say, or says wrongly, is the default. */
export function readCompareQuery(query: LocationQuery): CompareSettings {
  const runIds = [...new Set(listOf(query['runs']))].slice(0, MAX_COMPARED_RUNS);
  return {
    runIds,
    groupBy: RUN_GROUPINGS.find((each) => each === query['group']) ?? 'scheduler',
    reference: typeof query['reference'] === 'string' && query['reference'] !== '' ? query['reference'] : null,
    hiddenIds: listOf(query['hidden']).filter((id) => runIds.includes(id)),
    onlyValid: query['valid'] === 'yes',
  };
}

/** The address query of these settings; defaults are left out. */
export function writeCompareQuery({ runIds, groupBy, reference, hiddenIds, onlyValid }: CompareSettings): Record<string, string> {
  return {
    ...(runIds.length > 0 && { runs: runIds.join(',') }),
    ...(groupBy !== 'scheduler' && { group: groupBy }),
    ...(reference !== null && { reference }),
    ...(hiddenIds.length > 0 && { hidden: hiddenIds.join(',') }),
    ...(onlyValid && { valid: 'yes' }),
  };
}

/** Without the run: nothing of the settings names it any more. */
export function withoutRun(settings: CompareSettings, id: string): CompareSettings {
  return {
    ...settings,
    runIds: settings.runIds.filter((each) => each !== id),
    hiddenIds: settings.hiddenIds.filter((each) => each !== id),
    reference: settings.reference === id ? null : settings.reference,
  };
}

export function exportAddress(settings: CompareSettings, what: ComparisonExport, format: 'csv' | 'svg'): string {
  const { runIds, groupBy, reference, hiddenIds, onlyValid } = settings;
  const parameters = new URLSearchParams({ runs: runIds.join(','), groupBy });
  if (reference !== null) parameters.set('reference', reference);
  if (hiddenIds.length > 0) parameters.set('hidden', hiddenIds.join(','));
  if (onlyValid) parameters.set('onlyValid', 'true');
  return `/exports/compared-runs/${what}.${format}?${parameters.toString()}`;
}

function listOf(value: LocationQuery[string] | undefined): string[] {
  return typeof value === 'string' ? value.split(',').filter(Boolean) : [];
}
