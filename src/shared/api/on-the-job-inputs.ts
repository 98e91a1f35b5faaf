// What the API accepts of learning on the job.
import { z } from 'zod';

const testbedId = z.string().min(1).max(64);

export const onTheJobInput = z.object({ testbedId });
export const setOnTheJobInput = z.object({ testbedId, isOn: z.boolean() });
