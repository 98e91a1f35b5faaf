// Learning on the job.
import { onTheJobInput, setOnTheJobInput } from '../../shared/api/on-the-job-inputs.js';
import { procedure, router } from './trpc.js';

export const onTheJobProcedures = router({
  status: procedure.input(onTheJobInput).query(({ ctx, input }) => ctx.services.onTheJob.status(input.testbedId)),
  set: procedure.input(setOnTheJobInput).mutation(({ ctx, input }) => ctx.services.onTheJob.set(input.testbedId, input.isOn)),
  learn: procedure.input(onTheJobInput).mutation(({ ctx, input }) => ctx.services.onTheJob.learn(input.testbedId)),
});
