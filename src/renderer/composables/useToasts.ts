import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { AppErrorShape } from '../../shared/errors.js';

export interface Toast {
  id: number;
  tone: 'ok' | 'danger';
  message: string;
  hint: string | null;
}

export interface Toasts {
  items: ShallowRef<readonly Toast[]>;
  /** Says that something was done; goes by itself. */
  announce: (message: string) => void;
  /** Shows a failure that has no place of its own on the screen; stays until dismissed. */
  reportError: (error: AppErrorShape) => void;
  dismiss: (id: number) => void;
}

export const TOASTS_KEY: InjectionKey<Toasts> = Symbol('toasts');

const MAX_SHOWN = 4;

export function createToasts(): Toasts {
  const items = shallowRef<readonly Toast[]>([]);
  let nextId = 1;
  function add(toast: Omit<Toast, 'id'>): void {
    items.value = [...items.value, { id: nextId, ...toast }].slice(-MAX_SHOWN);
    nextId += 1;
  }
  return {
    items,
    announce: (message) => add({ tone: 'ok', message, hint: null }),
    reportError: (error) => add({ tone: 'danger', message: error.message, hint: error.hint }),
    dismiss: (id) => (items.value = items.value.filter((toast) => toast.id !== id)),
  };
}

export function useToasts(): Toasts {
  const toasts = inject(TOASTS_KEY);
  if (!toasts) throw new Error('No toasts were provided to the application');
  return toasts;
}
