/** Episodes from this number on are for judging a policy: no training is long enough to have learned from them. */
export const FIRST_UNSEEN_EPISODE = 1_000_000;
