// What differs and what came of it, as the terminal shows it.
import { cleanLine } from '../../../shared/foreign-text.js';
import { describeReproduction, RECORD_KIND_TITLES, type Reproduction, type ReproducePlan } from '../../../shared/record.js';

export function describePlan(plan: ReproducePlan): string {
  const { kind, name, id, specSha256, isSameSpecification, specificationNotes, differences, unknown, blockers, overload, warnings } = plan;
  const lines = [
    `${RECORD_KIND_TITLES[kind]} “${name}” (${id})`,
    `specification  ${isSameSpecification ? `the same, ${specSha256.slice(0, 12)}` : specificationNotes.join(' ')}`,
    `environment    ${describeEnvironment(plan)}`,
    ...differences.map(
      ({ subject, field, then, now, meaning }) => `  ${subject}, ${field}: ${then ?? 'not known'} -> ${now ?? 'not known'}. ${meaning}`,
    ),
    ...(unknown.length > 0 ? [`not recorded   ${unknown.join(', ')}`] : []),
    ...(plan.record === 'partial' ? ['An earlier version started it and kept less: what was not recorded can’t be compared.'] : []),
    ...warnings.map((warning) => `warning        ${warning}`),
    ...(overload === null ? [] : [`overload       ${overload} Allow it: --allow-overload.`]),
    ...blockers.map(({ message, hint }) => `missing        ${message} ${hint}`),
    ...(plan.isDeterministic ? ['The seed determines every figure but the time: the result says whether it is bit-equal.'] : []),
  ];
  return lines.map(cleanLine).join('\n');
}

export function describeAgain(reproduction: Reproduction): string {
  const { original, again, outcome } = reproduction;
  const ids = `${again.id} is ${original.id} again: ${describeReproduction(reproduction)}.`;
  return cleanLine(outcome === null ? ids : `${ids} ${outcome}`);
}

function describeEnvironment({ isSameEnvironment, differences, unknown }: ReproducePlan): string {
  if (isSameEnvironment) return 'the same';
  if (differences.length === 0) return `no known difference; ${unknown.length} things were not recorded`;
  return `${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`;
}
