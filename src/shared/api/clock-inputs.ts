// What the keeping of clocks accepts, checked at the border.
import { z } from 'zod';

export const clockInput = z.object({ testbedId: z.string().min(1).max(64) });
