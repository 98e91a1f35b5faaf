// Questions to the digital twin of a testbed.
import { byId } from '../../shared/api/inputs.js';
import { whatIfInput } from '../../shared/api/twin-inputs.js';
import { procedure, router } from './trpc.js';

export const twinProcedures = router({
  prediction: procedure.input(byId).query(({ ctx, input, signal }) => ctx.services.twin.prediction(input.id, signal)),
  whatIf: procedure.input(whatIfInput).query(({ ctx, input, signal }) => ctx.services.twin.whatIf(input, signal ? { signal } : {})),
});
