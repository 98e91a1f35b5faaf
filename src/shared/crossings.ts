// How many requests a cloud platform would have to serve at once to be faster. Pure.

/** What a cloud platform needs for `count` images, `atOnce` of them at a time: whole rounds (ceil) of one image each. */
export function cloudDelaySec(singleSec: number, count: number, atOnce: number): number {
  return Math.ceil(count / atOnce) * singleSec;
}

export type Crossing =
  /** Faster than the reference one request at a time. */
  | { kind: 'already' }
  /** `atOnce`: |N| x delay of one image / reference; `wholeAtOnce`: the first whole number whose rounds are faster. */
  | { kind: 'at'; atOnce: number; wholeAtOnce: number }
  /** One image alone takes as long, or the limit is reached first. */
  | { kind: 'never' };

/** `limit`: the most requests at once that are looked at. */
export function findCrossing(singleSec: number, count: number, referenceSec: number, limit: number): Crossing {
  if (count * singleSec < referenceSec) return { kind: 'already' };
  if (singleSec >= referenceSec) return { kind: 'never' };
  const atOnce = (count * singleSec) / referenceSec;
  if (atOnce > limit) return { kind: 'never' };
  let wholeAtOnce = Math.max(1, Math.floor(atOnce));
  while (cloudDelaySec(singleSec, count, wholeAtOnce) >= referenceSec) wholeAtOnce += 1;
  return { kind: 'at', atOnce, wholeAtOnce };
}

/**
 * `Stability.AI passes the paper's 382.4 s at 1.41 requests at once (2 in whole requests).` Where the next whole number is not enough, because the
 * last round is not full, that is said.
 */
export function describeCrossing(platform: string, reference: string, crossing: Crossing, limit: number): string {
  switch (crossing.kind) {
    case 'already':
      return `${platform} is faster than ${reference} with one request at a time.`;
    case 'at':
      return `${platform} passes ${reference} at ${crossing.atOnce.toFixed(2)} requests at once (${crossing.wholeAtOnce} in whole requests${
        crossing.wholeAtOnce > Math.floor(crossing.atOnce) + 1 ? ', because images are made in whole rounds' : ''
      }).`;
    case 'never':
      return `${platform} does not pass ${reference} with up to ${limit} requests at once.`;
  }
}
