// Remarks about what happened are never a reason for anything to fail: those that can't be written now wait, to a bound, for the next one.
import type { ProgramEvent } from '../../../shared/api/app-info.js';
import { AppError } from '../../../shared/errors.js';
import type { EventRepository } from './event-repository.js';

const MAX_WAITING = 500;

type NewEvent = Omit<ProgramEvent, 'id'>;

export class EventRecorder {
  readonly #waiting: NewEvent[] = [];

  constructor(private readonly events: Pick<EventRepository, 'append'>) {}

  record(event: NewEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        this.events.append(next);
        this.#waiting.shift();
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
    }
  }
}
