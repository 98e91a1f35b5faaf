// How long certificates live and when they are renewed; pure.
import type { X509Certificate } from 'node:crypto';

export const DAY_MS = 86_400_000;
/** A quarter of a year: the longest that a stolen key is of use beside a roster that still names its node. */
export const CERTIFICATE_LIFETIME_MS = 90 * DAY_MS;
/** The last third: a node may be switched off for a month at any moment and still come back by itself. */
export const RENEW_BEFORE_MS = 30 * DAY_MS;
/** Nodes without a battery clock start in the past; certificates are valid from a day before they are made. */
export const CLOCK_SKEW_MS = 24 * 3_600_000;
/** An authority closer to its end than this can't give certificates that outlive it: the next provisioning makes a new one. */
export const REPLACE_AUTHORITY_BEFORE_MS = CERTIFICATE_LIFETIME_MS + RENEW_BEFORE_MS;

/** Why a certificate is to be renewed now, in words that follow "The certificate"; null when it is good. */
export function whyRenew(
  { validFromDate, validToDate }: Pick<X509Certificate, 'validFromDate' | 'validToDate'>,
  nowMs: number,
): string | null {
  const fromMs = validFromDate.getTime();
  const toMs = validToDate.getTime();
  if (toMs <= nowMs) return `ended on ${dayOf(toMs)}`;
  // Made while this machine's clock was ahead: until then no one would take it.
  if (fromMs > nowMs) return `is not valid before ${dayOf(fromMs)}`;
  if (toMs - nowMs < RENEW_BEFORE_MS) return `was about to end, on ${dayOf(toMs)}`;
  if (toMs - fromMs > CERTIFICATE_LIFETIME_MS + CLOCK_SKEW_MS) return `was valid for more than ${CERTIFICATE_LIFETIME_MS / DAY_MS} days`;
  return null;
}

/** `2026-02-28` */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
