import { heuristicOf, isHeuristic } from '../scheduling/heuristics/heuristics.js';

/** What a method of a study or training is called: a heuristic by its title, `lad-ts` LAD-TS. */
export function nameMethod(method: string): string {
  if (isHeuristic(method)) return heuristicOf(method).title;
  return method.endsWith('-ts') ? method.toUpperCase() : method;
}
