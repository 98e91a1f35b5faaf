// Only one start fetches a file at a time; the others wait for it. A start that was killed holds nothing: its process is gone, or it no
// longer touches the lock. What two holders at once could do to each other ends at the checksum.
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const TOUCH_EVERY_MS = 2000;
const STALE_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 500;

/** Runs `work` while holding the lock at `path`; `onWait()` is called about twice a second while another has it. */
export async function withLock(path, { signal, onWait }, work) {
  mkdirSync(dirname(path), { recursive: true });
  while (!take(path)) {
    onWait();
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  const timer = setInterval(() => touch(path), TOUCH_EVERY_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    rmSync(path, { force: true });
  }
}

function take(path) {
  if (isStale(path)) rmSync(path, { force: true });
  try {
    writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isStale(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return false;
  if (Date.now() - stats.mtimeMs > STALE_AFTER_MS) return true;
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    return holder.host === hostname() && !isRunning(holder.pid);
  } catch {
    // Being written right now, or gone.
    return false;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function touch(path) {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Someone cleared the cache.
  }
}
