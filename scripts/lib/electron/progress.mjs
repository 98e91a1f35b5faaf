// How far a download is: one line that is written over on a terminal, a plain line every few seconds elsewhere.

const PLAIN_EVERY_MS = 5000;
const REDRAW_EVERY_MS = 250;
/** The rate is that of the last seconds: what was faster or slower before says little about the rest. */
const RATE_OVER_MS = 5000;

/** `show(bytes, totalBytes | null)` as often as wanted; `say(text)` writes a line beside it; `end()` leaves the last state standing. */
export function createProgress(stream = process.stderr, now = Date.now) {
  const samples = [];
  let drawnAtMs = now();
  let isLineOpen = false;

  const closeLine = () => {
    if (isLineOpen) stream.write('\n');
    isLineOpen = false;
  };

  return {
    show(bytes, totalBytes) {
      const atMs = now();
      // A download that starts again from zero has no rate over its fall.
      if (samples.length > 0 && bytes < samples.at(-1).bytes) samples.length = 0;
      samples.push({ atMs, bytes });
      while (samples.length > 2 && samples[1].atMs <= atMs - RATE_OVER_MS) samples.shift();
      if (atMs - drawnAtMs < (stream.isTTY ? REDRAW_EVERY_MS : PLAIN_EVERY_MS)) return;
      drawnAtMs = atMs;
      const text = `  ${describeProgress(bytes, totalBytes, rateOf(samples))}`;
      stream.write(stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
      isLineOpen = stream.isTTY === true;
    },
    say(text) {
      closeLine();
      stream.write(`${text}\n`);
    },
    end: closeLine,
  };
}

/** Such as `34.2 of 121.3 MB, 5.6 MB/s, about 16 s left`; `rate` in bytes per second, null while unknown. */
export function describeProgress(bytes, totalBytes, rate) {
  const amount = totalBytes === null ? `${megabytes(bytes)} MB` : `${megabytes(bytes)} of ${megabytes(totalBytes)} MB`;
  if (!rate) return amount;
  const left = totalBytes === null ? '' : `, about ${describeSeconds((totalBytes - bytes) / rate)} left`;
  return `${amount}, ${rate < 1e6 ? `${Math.round(rate / 1e3)} kB/s` : `${megabytes(rate)} MB/s`}${left}`;
}

function rateOf(samples) {
  const [first, last] = [samples[0], samples.at(-1)];
  return last.atMs > first.atMs ? ((last.bytes - first.bytes) / (last.atMs - first.atMs)) * 1000 : null;
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

function describeSeconds(seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
