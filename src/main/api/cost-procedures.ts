// What images cost on nodes of one's own.
import { costInput, costSettingsSchema } from '../../shared/api/cost-inputs.js';
import { procedure, router } from './trpc.js';

export const costProcedures = router({
  settings: procedure.query(({ ctx }) => ctx.services.comparison.costSettings()),
  save: procedure.input(costSettingsSchema).mutation(({ ctx, input }) => ctx.services.comparison.saveCostSettings(input)),
  compute: procedure.input(costInput.prefault({})).query(({ ctx, input }) => ctx.services.comparison.cost(input)),
});
