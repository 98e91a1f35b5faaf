import { getPriority, setPriority } from 'node:os';

/**
 * Between a program's usual priority and the system's lowest (the scale of Unix's nice): where processors are short, no matter who shows something
 * comes first, and this process with all that it starts still gets a third of what it would.
 */
const BEHIND_THE_WINDOW = 5;

/** Puts this process, and what it starts from now on, behind the desktop's window. One that is there already is left as it is. */
export function lowerPriority(): void {
  try {
    if (getPriority() < BEHIND_THE_WINDOW) setPriority(BEHIND_THE_WINDOW);
  } catch {
    // A system that does not let a program do so loses nothing but the order.
    return;
  }
}
