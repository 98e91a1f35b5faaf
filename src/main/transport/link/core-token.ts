// The token that every request on the core's socket shows. The folder keeps other users out; the token keeps them out of a pipe's name too.
import { createHash, timingSafeEqual } from 'node:crypto';

export function authorizationOf(token: string): string {
  return `Bearer ${token}`;
}

export function hasToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(authorizationOf(token)));
}
