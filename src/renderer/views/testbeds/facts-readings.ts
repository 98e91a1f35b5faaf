import { formatDateTime } from '../../format.js';
import { FACTS_MOMENT_TITLES, type FactsReading } from '../../../shared/facts-reading.js';

/** `After provisioning, Nov 24, 2026, 12:00` */
export function describeReading({ moment, facts }: FactsReading): string {
  return `${FACTS_MOMENT_TITLES[moment]}, ${formatDateTime(facts.readAtMs)}`;
}

/** The reading of an id as a select holds it. */
export function findReading(readings: readonly FactsReading[] | undefined, id: string | undefined): FactsReading | undefined {
  return readings?.find((reading) => String(reading.id) === id);
}
