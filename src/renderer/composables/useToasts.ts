import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue';
import type { AppErrorShape } from '../../shared/errors.js';

/** One thing that can be done about a toast. */
export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  tone: 'ok' | 'danger';
  message: string;
  hint: string | null;
  action: ToastAction | null;
}

export interface Toasts {
  items: ShallowRef<readonly Toast[]>;
  /** Says that something was done; goes by itself, later where something can be done about it. Gives the toast's id. */
  announce: (message: string, action?: ToastAction) => number;
  /** Shows a failure that has no place of its own on the screen; stays until dismissed. */
  reportError: (error: AppErrorShape) => void;
  dismiss: (id: number) => void;
}

export const TOASTS_KEY: InjectionKey<Toasts> = Symbol('toasts');

const MAX_SHOWN = 4;

export function createToasts(): Toasts {
  const items = shallowRef<readonly Toast[]>([]);
  let nextId = 1;
  function add(toast: Omit<Toast, 'id'>): number {
    const id = nextId;
    items.value = [...items.value, { id, ...toast }].slice(-MAX_SHOWN);
    nextId += 1;
    return id;
  }
  return {
    items,
    announce: (message, action) => add({ tone: 'ok', message, hint: null, action: action ?? null }),
    reportError: (error) => void add({ tone: 'danger', message: error.message, hint: error.hint, action: null }),
    dismiss: (id) => (items.value = items.value.filter((toast) => toast.id !== id)),
  };
}

export function useToasts(): Toasts {
  const toasts = inject(TOASTS_KEY);
  if (!toasts) throw new Error('No toasts were provided to the application');
  return toasts;
}
