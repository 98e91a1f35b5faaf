// The desktop program as this worker of the tests opens it: on a display of its own, so that no other's window takes its keys.
import { inject } from 'vitest';
import type { DesktopProgram } from './desktop-program.js';
import './desktop-setup.js';

export function desktopOfWorker(): DesktopProgram {
  const program = inject('desktop');
  const displays = inject('displays');
  if (displays.length === 0) return program;
  // Vitest numbers its workers from 1.
  const display = displays[(Number(process.env['VITEST_POOL_ID']) - 1) % displays.length]!;
  return { ...program, env: { ...program.env, DISPLAY: display } };
}
