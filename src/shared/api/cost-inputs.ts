// What the API accepts for costs.
import { z } from 'zod';
import { ASSUMED_COST_SETTINGS } from '../cost.js';
import { comparisonInput } from './inputs.js';

const assumed = ASSUMED_COST_SETTINGS;

export const costSettingsSchema = z
  .object({
    power: z.enum(['measured', 'entered']).default(assumed.power),
    wallWatts: z
      .number('Wall power is a number of watts')
      .positive('Wall power is more than 0 W')
      .max(1e6)
      .nullable()
      .default(assumed.wallWatts),
    usdPerKwh: z.number('The price of energy is a number').min(0, 'A price is not negative').max(100).default(assumed.usdPerKwh),
    hardwareUsd: z.number('The price of the hardware is a number').min(0, 'A price is not negative').max(1e9).default(assumed.hardwareUsd),
    spread: z
      .object({
        years: z.number().positive('A life is longer than 0 years').max(100),
        usePercent: z.number().positive('Use is more than 0 %').max(100, 'Use is at most 100 %'),
      })
      .nullable()
      .default(assumed.spread),
  })
  .refine(({ power, wallWatts }) => power === 'measured' || wallWatts !== null, {
    message: 'Enter what the wall meter shows, or take the measured power',
    path: ['wallWatts'],
  });
export type CostSettingsInput = z.input<typeof costSettingsSchema>;

export const costInput = z.object({
  comparison: comparisonInput.prefault({}),
  /** Whose cost; the fullest measured row that is not simulated when absent, else the paper's own. */
  rowId: z.string().min(1).max(200).nullable().default(null),
  /** Other than those that are kept, for a look. */
  settings: costSettingsSchema.nullable().default(null),
});
export type CostInput = z.infer<typeof costInput>;
