// What the open page is called. Its heading says it (PageHeader); the top bar shows it as a path, and the focus lands on the heading after a
// change of page.
import { computed, inject, nextTick, onBeforeUnmount, onMounted, shallowRef, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { RouteLocationRaw } from 'vue-router';

export interface PageName {
  title: string;
  /** The list that it is in. */
  parent: { label: string; to: RouteLocationRaw } | null;
}

interface Heading {
  name: () => PageName;
  element: () => HTMLElement | null;
  /** Stands in until the view has one of its own. */
  isStandIn: boolean;
}

export interface Page {
  /** Of the newest heading. Null between two pages. */
  name: ComputedRef<PageName | null>;
  /** Whether the view has a heading of its own. */
  hasOwnHeading: ComputedRef<boolean>;
  /** Brings the focus to the heading: now where there is one, else as soon as there is, unless the focus is somewhere else by then. */
  focusHeading: () => void;
  add: (heading: Heading) => void;
  remove: (heading: Heading) => void;
  mounted: (heading: Heading) => void;
}

export const PAGE_KEY: InjectionKey<Page> = Symbol('page');

/** The element that scrolls the view; it has the focus as long as there is no heading. */
export const VIEW_ID = 'view';

export function createPage(): Page {
  const headings = shallowRef<readonly Heading[]>([]);
  let isFocusDue = false;

  const current = computed(() => headings.value.findLast(({ isStandIn }) => !isStandIn) ?? headings.value.at(-1));
  const focus = (heading: Heading | undefined): boolean => {
    const element = heading?.element();
    element?.focus({ preventScroll: true });
    return Boolean(element);
  };
  return {
    name: computed(() => current.value?.name() ?? null),
    hasOwnHeading: computed(() => headings.value.some(({ isStandIn }) => !isStandIn)),
    focusHeading() {
      isFocusDue = true;
      document.getElementById(VIEW_ID)?.focus({ preventScroll: true });
      // What is on screen now may be of the page before; the next one's takes over when it is there.
      void nextTick(() => focus(current.value));
    },
    add: (heading) => (headings.value = [...headings.value, heading]),
    remove: (heading) => (headings.value = headings.value.filter((other) => other !== heading)),
    mounted(heading) {
      if (!isFocusDue) return;
      if (isFocusFree(headings.value)) focus(heading);
      isFocusDue = heading.isStandIn;
    },
  };
}

/** Whether no one would miss the focus where it is: nowhere, on the view as a whole, or on a heading. */
function isFocusFree(headings: readonly Heading[]): boolean {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body || activeElement.id === VIEW_ID) return true;
  return headings.some((heading) => heading.element() === activeElement);
}

export function usePage(): Page {
  const page = inject(PAGE_KEY);
  if (!page) throw new Error('No page was provided to the application');
  return page;
}

/** For the component that shows the heading. */
export function useHeading(name: () => PageName, element: Ref<HTMLElement | null>, isStandIn = false): void {
  const page = usePage();
  const heading: Heading = { name, element: () => element.value, isStandIn };
  page.add(heading);
  onMounted(() => page.mounted(heading));
  onBeforeUnmount(() => page.remove(heading));
}
