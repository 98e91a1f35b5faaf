// D2SAC-TS's actor, the diffusion baseline of paper Sec. V-B: LAD-TS's network and learning, but every chain starts from fresh Gaussian
// noise, in deciding as in learning. What a latent start is worth is the difference between the two.

import type { Actor } from './actor.js';
import { createLadnActor, type LadnConfig } from './ladn.js';

/** Besides the states it takes `gaussianStart` [agents, servers, batch], standard normal and drawn again for each run, and LAD-TS's `noise`. */
export function createD2sacActor(config: LadnConfig): Actor {
  return createLadnActor({ ...config, chainStart: 'gaussianStart' });
}
