// The comparison's settings in the address of the page, so that a comparison can be linked, gone back to and exported as seen. Pure.
import type { LocationQuery } from 'vue-router';
import type { MenuItem } from '../../components/menu-item.js';
import type { ComparisonInput } from '../../../shared/api/inputs.js';

export interface TableVSettings extends ComparisonInput {
  /** Row that reductions are of; null takes the default. */
  referenceRowId: string | null;
}

export const MAX_CLOUD_CONCURRENCY = 1000;

/** Reads what an address says; anything it does not say, or says wrongly, is the default. */
export function readTableVQuery(query: LocationQuery): TableVSettings {
  const concurrency = Number(textOf(query['concurrency']) ?? 1);
  const isConcurrency = Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MAX_CLOUD_CONCURRENCY;
  const runIds = textOf(query['runs'])?.split(',').filter(Boolean) ?? [];
  return {
    runIds: runIds.length > 0 ? runIds : null,
    includeInvalid: textOf(query['invalid']) === 'yes',
    cloudConcurrency: isConcurrency ? concurrency : 1,
    referenceRowId: textOf(query['reference']) ?? null,
  };
}

/** The address query of these settings; defaults are left out. */
export function writeTableVQuery(settings: TableVSettings): Record<string, string> {
  return {
    ...(settings.runIds !== null && { runs: settings.runIds.join(',') }),
    ...(settings.includeInvalid && { invalid: 'yes' }),
    ...(settings.cloudConcurrency !== 1 && { concurrency: String(settings.cloudConcurrency) }),
    ...(settings.referenceRowId !== null && { reference: settings.referenceRowId }),
  };
}

/** Downloads of the comparison as it is seen. */
export function listComparisonExports({ runIds, includeInvalid, cloudConcurrency }: ComparisonInput): MenuItem[] {
  const parameters = new URLSearchParams({ cloudConcurrency: String(cloudConcurrency), includeInvalid: String(includeInvalid) });
  if (runIds !== null) parameters.set('runIds', runIds.join(','));
  const address = (format: string): string => `/exports/comparison.${format}?${parameters.toString()}`;
  return [
    { label: 'CSV', hint: 'One row a platform', href: address('csv') },
    { label: 'JSON', hint: 'Everything, for programs', href: address('json') },
    { label: 'HTML report', hint: 'One file to read and pass on', href: address('html') },
  ];
}

/** The command that makes the same comparison. */
export function toTableVCommand({ runIds, includeInvalid, cloudConcurrency }: ComparisonInput): string {
  return [
    'npm run cli -- compare',
    ...(runIds === null ? [] : [`--run ${runIds.join(' ')}`]),
    ...(cloudConcurrency === 1 ? [] : [`--concurrency ${cloudConcurrency}`]),
    ...(includeInvalid ? ['--include-invalid'] : []),
  ].join(' ');
}

function textOf(value: LocationQuery[string] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
