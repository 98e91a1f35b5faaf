// What is in the head of a page is a command of that page: its buttons need not be listed a second time, and none can be forgotten.
import { inject, onBeforeUnmount, onMounted, onUpdated, provide, shallowRef, useId, type InjectionKey } from 'vue';
import { keysOfPageCommand } from '../../shared/page-keys.js';
import type { Command } from './command.js';
import { COMMANDS_KEY } from './command-registry.js';

interface HeadEntry {
  element: () => HTMLElement | null;
  commands: () => readonly Command[];
}

/** Gives what takes the entry away again. */
type AddToHead = (entry: HeadEntry) => () => void;

const HEAD_KEY: InjectionKey<AddToHead> = Symbol('page head');

/** Once in the component that draws a head: collects what registers itself in it, in the order of the page. */
export function provideHeadCommands(): void {
  const entries = shallowRef<readonly HeadEntry[]>([]);
  provide(HEAD_KEY, (entry) => {
    entries.value = [...entries.value, entry].toSorted(inPageOrder);
    return () => (entries.value = entries.value.filter((other) => other !== entry));
  });
  const remove = inject(COMMANDS_KEY, null)?.add({
    get commands() {
      return entries.value.flatMap(({ commands }) => commands());
    },
    listed: [],
    isOfView: true,
  });
  onBeforeUnmount(() => remove?.());
}

/** For a component with commands, such as a menu: they are there while `element` is drawn in a head, and not where a dialog of it is. */
export function useHeadEntry(element: () => HTMLElement | null, commands: () => readonly Command[]): void {
  const add = inject(HEAD_KEY, null);
  let remove: (() => void) | null = null;
  onMounted(() => {
    if (add && element()?.closest('[data-page-head]')) remove = add({ element, commands });
  });
  onBeforeUnmount(() => remove?.());
}

/** For a button. `reason`: why it can't be pressed, as a sentence without its end; null where it can. */
export function useHeadButton(element: () => HTMLElement | null, reason: () => string | null): void {
  const label = shallowRef('');
  const id = `head.${useId()}`;
  useHeadEntry(element, () => {
    const keys = keysOfPageCommand(label.value);
    return [{ id, label: label.value, ...(keys && { keys }), when: () => label.value !== '', reason, run: press }];
  });
  const read = (): void => {
    const shown = element();
    label.value = withoutKeys((shown?.ariaLabel ?? shown?.textContent ?? '').replaceAll(/\s+/g, ' ').trim());
  };
  onMounted(read);
  onUpdated(read);

  /** With the focus on it, so that a dialog which it opens gives the focus back to it. */
  function press(): void {
    element()?.focus();
    element()?.click();
  }
}

/** By the words of a button. */
export type AbsentReasons = Readonly<Record<string, string | null>>;

/** What the head of a page has at other times: listed with why it is not there now. Null where its button is. */
export function useAbsentCommands(reasons: () => AbsentReasons): void {
  const registry = inject(COMMANDS_KEY, null);
  const remove = registry?.add({
    get commands() {
      return Object.entries(reasons()).flatMap(([label, reason]): Command[] => {
        const keys = keysOfPageCommand(label);
        // With a reason it is never run.
        return reason === null ? [] : [{ id: `absent.${label}`, label, ...(keys && { keys }), reason: () => reason, run: () => undefined }];
      });
    },
    listed: [],
    isOfView: true,
  });
  onBeforeUnmount(() => remove?.());
}

/** Icons have their keys in their names: `Next run of the series (])`. */
function withoutKeys(label: string): string {
  return label.replace(/ \(\S{1,8}\)$/, '');
}

function inPageOrder(left: HeadEntry, right: HeadEntry): number {
  const [first, second] = [left.element(), right.element()];
  return first && second && first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1;
}
