// The platforms of Table V.
import { byId } from '../../shared/api/inputs.js';
import { addPlatformInput, resetPlatformInput, setPlatformInput } from '../../shared/api/platform-inputs.js';
import { procedure, router } from './trpc.js';

export const platformProcedures = router({
  list: procedure.query(({ ctx }) => ctx.services.platforms.list()),
  set: procedure.input(setPlatformInput).mutation(({ ctx, input }) => ctx.services.platforms.set(input)),
  add: procedure.input(addPlatformInput).mutation(({ ctx, input }) => ctx.services.platforms.add(input)),
  reset: procedure.input(resetPlatformInput).mutation(({ ctx, input }) => ctx.services.platforms.reset(input)),
  remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.platforms.remove(input.id)),
  restore: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.platforms.restore(input.id)),
});
