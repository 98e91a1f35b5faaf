// What a check of a node came to (a plan of its provisioning), as it is on record: an event of the node, whose kind has the outcome.

/**
 * `passed`: an apply can continue. `preflight-blocked`: the node can't carry what is to be installed. `blocked`: a later step can't be done as things
 * are. `host-key`: its key, or that of a host on the way, is not trusted. `unreached`: no login, or it could not be asked.
 */
export const NODE_CHECK_OUTCOMES = ['passed', 'preflight-blocked', 'blocked', 'host-key', 'unreached'] as const;
export type NodeCheckOutcome = (typeof NODE_CHECK_OUTCOMES)[number];

export interface NodeCheck {
  outcome: NodeCheckOutcome;
  /** In sentences that name the node, the remedy included. */
  message: string;
  /** Epoch ms. */
  atMs: number;
}

/** The kind of the event. */
export function kindOfCheck(outcome: NodeCheckOutcome): string {
  return `node-check-${outcome}`;
}
