import { inject, type ComputedRef, type InjectionKey } from 'vue';

/** What a FormField gives the field inside it: the id its label points to, what describes it, and whether it is in error. */
export interface FieldContext {
  id: string;
  describedBy: ComputedRef<string | undefined>;
  isInvalid: ComputedRef<boolean>;
}

export const FIELD_KEY: InjectionKey<FieldContext | null> = Symbol('field');

export function useFieldContext(): FieldContext | null {
  return inject(FIELD_KEY, null);
}
