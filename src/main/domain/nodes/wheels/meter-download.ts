// The download of one wheel with its rate, as the progress of a fetch has it.
import type { WheelsProgress } from '../../../../shared/wheels.js';
import { ProgressMeter } from '../../models/progress-meter.js';

type FileProgress = Pick<WheelsProgress, 'fileBytes' | 'fileTotalBytes' | 'bytesPerSec' | 'remainingSec'>;

/** Between two wheels. */
export const NO_FILE = { file: null, fileBytes: 0, fileTotalBytes: null, bytesPerSec: null, remainingSec: null } as const;

/** For `downloadFile`: bytes of one file with their rate. */
export function meterDownload(
  report: (progress: FileProgress) => void,
): (progress: { doneBytes: number; totalBytes: number | null }) => void {
  let meter: ProgressMeter | null = null;
  let seenBytes = 0;
  return ({ doneBytes, totalBytes }) => {
    if (meter === null) {
      meter = new ProgressMeter({
        ...{ phase: 'fetching', totalBytes: totalBytes ?? Infinity, nowMs: () => performance.now() },
        report: ({ doneBytes: fileBytes, bytesPerSec, remainingSec }) =>
          report({ fileBytes, fileTotalBytes: totalBytes, bytesPerSec, remainingSec: totalBytes === null ? null : remainingSec }),
      });
      meter.startFrom(doneBytes);
    } else meter.add(doneBytes - seenBytes);
    seenBytes = doneBytes;
  };
}
