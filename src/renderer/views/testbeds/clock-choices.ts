// What can be done to the clocks of nodes, as choices, and what is said before it is; pure.
import { describeNodeClock, isClockFarOff } from '../../../shared/node-clock.js';
import type { ProvisionPlan } from '../../../shared/provisioning.js';
import type { TestbedNode } from '../../../shared/testbed.js';

/** Whether this program gets the right to keep clocks, or loses it. */
export type KeepingChoice = 'as-is' | 'keep' | 'leave';

export const KEEPING_CHOICES = [
  { value: 'as-is', label: 'As they are', description: 'Nothing about it changes on the nodes' },
  {
    value: 'keep',
    label: 'Keep right',
    description:
      'Puts a program and a sudo rule for it on each node, as root; clocks that are off by more than 0.5 s are then moved between runs',
  },
  { value: 'leave', label: 'Keep no more', description: 'Takes the program and the rule off the nodes again' },
] as const satisfies readonly { value: KeepingChoice; label: string; description: string }[];

export function toKeepsClock(choice: KeepingChoice): { keepsClock?: boolean } {
  return choice === 'as-is' ? {} : { keepsClock: choice === 'keep' };
}

export interface OffClock {
  nodeName: string;
  /** `3.2 s ahead`, `not set: it is in 1970`. */
  offset: string;
}

/** As the plan found them; before there is one, as the nodes reported last. */
export function listOffClocks(nodes: readonly TestbedNode[], plan: ProvisionPlan | undefined): OffClock[] {
  if (plan) {
    return plan.nodes.flatMap(({ nodeName, clock }) => (clock?.isFarOff ? [{ nodeName, offset: clock.offset ?? 'off' }] : []));
  }
  return nodes.flatMap(({ name, kind, facts }) => {
    const offset = facts && kind !== 'virtual' && isClockFarOff(facts) ? describeNodeClock(facts) : null;
    return offset === null ? [] : [{ nodeName: name, offset }];
  });
}

const MAX_NAMED = 4;

/** `orin-1 is 13 hours ahead, orin-2 is not set: it is in 1970.` */
export function describeOffClocks(clocks: readonly OffClock[]): string {
  const named = clocks.slice(0, MAX_NAMED).map(({ nodeName, offset }) => `${nodeName} is ${offset}`);
  const left = clocks.length - named.length;
  return `${named.join('; ')}${left > 0 ? `; ${left} more` : ''}.`;
}
