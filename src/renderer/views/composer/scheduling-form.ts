// The settings of scheduling as typed, and their way to and from a specification.
import {
  DEFAULT_CONSIDERATION,
  DEFAULT_SPEED_WEIGHT,
  isConsiderate,
  PLACING_ORDER_NAMES,
  PLACING_ORDERS,
  type PlacingOrder,
  QUEUE_ORDER_NAMES,
  QUEUE_ORDERS,
  type QueueOrder,
  type SchedulingSettings,
} from '../../../shared/scheduling-settings.js';

export interface SchedulingForm {
  placingOrder: PlacingOrder;
  queueOrder: QueueOrder;
  seesSpeeds: boolean;
  speedWeight: number | null;
  /** Of considerate completion alone. */
  consideration: number | null;
}

export const PLACING_CHOICES = PLACING_ORDER_NAMES.map((value) => ({ value, label: PLACING_ORDERS[value].title }));
export const QUEUE_CHOICES = QUEUE_ORDER_NAMES.map((value) => ({ value, label: QUEUE_ORDERS[value].title }));

export function emptySchedulingForm(): SchedulingForm {
  return {
    placingOrder: 'own',
    queueOrder: 'first-come-first-served',
    seesSpeeds: false,
    speedWeight: DEFAULT_SPEED_WEIGHT,
    consideration: DEFAULT_CONSIDERATION,
  };
}

/** What is not as in the paper, unchecked: a field that is empty is refused by the schema. */
export function settingsOfForm(form: SchedulingForm, scheduler: string): SchedulingSettings {
  const { placingOrder, queueOrder, seesSpeeds, speedWeight, consideration } = form;
  return {
    ...(placingOrder !== 'own' && { placingOrder }),
    ...(queueOrder !== 'first-come-first-served' && { queueOrder }),
    ...(seesSpeeds && { speedWeight: speedWeight as number }),
    ...(isConsiderate(scheduler) && { consideration: consideration as number }),
  };
}

export function fillScheduling(form: SchedulingForm, settings: SchedulingSettings): void {
  const empty = emptySchedulingForm();
  form.placingOrder = settings.placingOrder ?? empty.placingOrder;
  form.queueOrder = settings.queueOrder ?? empty.queueOrder;
  form.seesSpeeds = settings.speedWeight !== undefined;
  form.speedWeight = settings.speedWeight ?? empty.speedWeight;
  form.consideration = settings.consideration ?? empty.consideration;
}
