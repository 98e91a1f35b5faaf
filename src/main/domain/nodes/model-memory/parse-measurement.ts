// What resources/worker/measure.py prints, as memory in bytes or as the error that it met.
import { z } from 'zod';
import { AppError } from '../../../../shared/errors.js';
import type { MeasuredMemory } from '../../../../shared/model-memory.js';

const bytes = z.number().min(0).nullish();
const text = z.string().max(1_000);
const moment = z.object({ leastAvailableBytes: bytes, mostResidentBytes: bytes, mostCudaAllocatedBytes: bytes });

const answerSchema = z.union([
  z.object({ failure: z.object({ kind: text, message: text, remedy: text }) }),
  z.object({
    report: z.object({
      device: text,
      dtype: text,
      loadMs: z.number().min(0),
      memory: moment.extend({ availableBeforeBytes: bytes, availableAfterBytes: bytes }),
    }),
    image: z.object({ memory: moment }),
  }),
]);

/** `output`: what the script printed; its last line counts. Throws `agent-failed` with what went wrong there. */
export function parseMeasurement(output: string, nodeName: string): MeasuredMemory {
  const answer = answerSchema.safeParse(parseJson(output.trim().split('\n').at(-1) ?? ''));
  if (!answer.success) {
    throw new AppError(
      'agent-failed',
      `Node "${nodeName}" reported nothing about the memory that was measured.`,
      'Provision the node again.',
    );
  }
  if ('failure' in answer.data) {
    const { message, remedy } = answer.data.failure;
    throw new AppError('agent-failed', `Node "${nodeName}" could not measure the model: ${message}`, remedy || null);
  }
  const { report, image } = answer.data;
  const moments = [report.memory, image.memory];
  const before = report.memory.availableBeforeBytes;
  return {
    takenBytes: fall(before, minOf(moments.map(({ leastAvailableBytes }) => leastAvailableBytes))),
    restingBytes: fall(before, report.memory.availableAfterBytes),
    mostResidentBytes: maxOf(moments.map(({ mostResidentBytes }) => mostResidentBytes)),
    mostCudaBytes: maxOf(moments.map(({ mostCudaAllocatedBytes }) => mostCudaAllocatedBytes)),
    loadMs: report.loadMs,
    device: report.device,
    dtype: report.dtype,
  };
}

type Reading = number | null | undefined;

/** Other programs may have given memory back meanwhile; nothing takes less than nothing. */
function fall(before: Reading, after: Reading): number | null {
  return before == null || after == null ? null : Math.max(0, before - after);
}

function minOf(readings: readonly Reading[]): number | null {
  const known = readings.filter((reading) => reading != null);
  return known.length === 0 ? null : Math.min(...known);
}

function maxOf(readings: readonly Reading[]): number | null {
  const known = readings.filter((reading) => reading != null);
  return known.length === 0 ? null : Math.max(...known);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
