// Runs beside each other.
import { runComparisonInput, runTimelinesInput } from '../../shared/api/run-comparison-inputs.js';
import { procedure, router } from './trpc.js';

export const runComparisonProcedures = router({
  compare: procedure.input(runComparisonInput).query(({ ctx, input }) => ctx.services.runComparison.compare(input)),
  timelines: procedure.input(runTimelinesInput).query(({ ctx, input }) => ctx.services.runComparison.timelines(input.runIds)),
});
