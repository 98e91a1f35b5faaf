// What provisioning accepts, checked at the border.
import { z } from 'zod';

const id = z.string().min(1).max(64);
const nodes = z.object({
  testbedId: id,
  /** Only these nodes; all when absent. */
  nodeIds: z.array(id).min(1, 'Name at least one node').optional(),
});

/** What is given changes, the rest of the desired state stays. */
export const desiredStateInput = z.object({
  worker: z.enum(['simulated', 'resd3-m']).optional(),
  /** Of the model store; dropped with the simulated worker. */
  modelId: id.nullable().optional(),
  service: z.enum(['auto', 'systemd-user', 'systemd-system', 'supervised']).optional(),
});
export type DesiredStateInput = z.input<typeof desiredStateInput>;

/** Trust unknown host keys on first use without asking. Changed keys always stop. */
const acceptNewHostKeys = z.boolean().default(false);

const clock = {
  /** Set clocks that are more than 2 s off by this machine's, as root. */
  setsClock: z.boolean().default(false),
  /** Give this program the right to keep the clocks right from now on, or take it back; as it is when absent. */
  keepsClock: z.boolean().optional(),
};

export const startProvisioningInput = nodes.extend({
  acceptNewHostKeys,
  ...clock,
  /** Kept for these nodes before the work starts. */
  desired: desiredStateInput.optional(),
});
export type StartProvisioningInput = z.input<typeof startProvisioningInput>;

/** `wanted` counts for this plan alone; a host key that is accepted is on record from then on. */
export const planProvisioningInput = nodes.extend({ acceptNewHostKeys, ...clock, desired: desiredStateInput.optional() });
export type PlanProvisioningInput = z.input<typeof planProvisioningInput>;

/** The nodes that failed, from their failed step on; with `setsClock` from where their clocks are looked at. */
export const retryFailedInput = z.object({ id, acceptNewHostKeys, setsClock: clock.setsClock });
export type RetryFailedInput = z.input<typeof retryFailedInput>;

export const setDesiredInput = nodes.extend({ desired: desiredStateInput });
export type SetDesiredInput = z.input<typeof setDesiredInput>;

export const removeProvisioningInput = nodes.extend({
  /** Models that were pushed go too. */
  removesModels: z.boolean().default(false),
});
export type RemoveProvisioningInput = z.input<typeof removeProvisioningInput>;
