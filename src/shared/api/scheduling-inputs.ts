// What the API accepts of the settings of scheduling; all are left out where a run is to be as in the paper.
import { z } from 'zod';
import { PLACING_ORDER_NAMES, QUEUE_ORDER_NAMES } from '../scheduling-settings.js';

export const schedulingShape = {
  placingOrder: z.enum(PLACING_ORDER_NAMES).optional(),
  queueOrder: z.enum(QUEUE_ORDER_NAMES).optional(),
  /** Of the newest computation in the speed that a node reckons with; left out, the speed on record counts. */
  speedWeight: z.number().gt(0, 'The weight is above 0').max(1, 'The weight is at most 1').optional(),
  /** k of considerate completion. */
  consideration: z.number().min(0, 'k is at least 0').max(1, 'k is at most 1').optional(),
};
