// The learned policy that a node has, in words.
import type { NodePolicy } from './testbed.js';

/** `lad-ts 3f2a9c01b7de`; `-` where there is none. */
export function nameNodePolicy(policy: NodePolicy | null | undefined): string {
  if (!policy) return '-';
  return policy.version === '' ? policy.method : `${policy.method} ${policy.version}`;
}

/** `in use, 0.12 ms a decision`; why not, where it was rolled back. */
export function describeNodePolicy({ problem, decisionMs }: NodePolicy): string {
  return problem ?? `in use, ${decisionMs.toFixed(2)} ms a decision when it was tried`;
}
