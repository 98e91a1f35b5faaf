// The numbers of the reverse diffusion (paper Theorem 2), which depend on the number of denoising steps only.

export interface DiffusionSchedule {
  /** beta_i of the steps i = 1..I, at index i - 1, like the rest. */
  betas: readonly number[];
  /** The running product of 1 - beta: the paper's overlined lambda. */
  alphasCumprod: readonly number[];
  /** The paper's beta with a tilde: the variance of the noise that step i adds; 0 for i = 1. */
  posteriorVariances: readonly number[];
}

export interface DiffusionRange {
  /** Number of denoising steps I; the paper's best is 5 (Fig. 8a). */
  denoisingSteps: number;
  betaMin: number;
  betaMax: number;
}

/** beta_i = 1 - exp(-betaMin / I - (2i - 1) / (2 I^2) (betaMax - betaMin)), as under paper Eq. (10). */
export function computeDiffusionSchedule({ denoisingSteps, betaMin, betaMax }: DiffusionRange): DiffusionSchedule {
  const betas = Array.from({ length: denoisingSteps }, (_, index) => {
    const slope = (2 * (index + 1) - 1) / (2 * denoisingSteps ** 2);
    return 1 - Math.exp(-betaMin / denoisingSteps - slope * (betaMax - betaMin));
  });
  let product = 1;
  const alphasCumprod = betas.map((beta) => (product *= 1 - beta));
  const posteriorVariances = betas.map((beta, index) => ((1 - (alphasCumprod[index - 1] ?? 1)) / (1 - alphasCumprod[index]!)) * beta);
  return { betas, alphasCumprod, posteriorVariances };
}

/**
 * The sinusoidal encoding of a step (paper Fig. 4): sines, then cosines, of the step times frequencies that fall from 1 to 1/10000.
 * @param size even and at least 4
 */
export function encodeStep(step: number, size: number): number[] {
  const half = size / 2;
  const angles = Array.from({ length: half }, (_, index) => step * Math.exp((-Math.log(10_000) * index) / (half - 1)));
  return [...angles.map(Math.sin), ...angles.map(Math.cos)];
}
